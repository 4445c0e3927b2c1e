package org.llmroutes.bench.retrieval;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llmroutes.bench.retrieval.Stages.Found;
import org.llmroutes.identity.Principal;
import org.llmroutes.ingest.Ingestion;
import org.llmroutes.ingest.IngestionLimits;
import org.llmroutes.ingest.IngestionRequest;
import org.llmroutes.ingest.Prune;
import org.llmroutes.ingest.Shard;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.progress.Progress;

/** Whether the section that answers a question comes first; documents are ingested as users do. */
final class QuestionBench {
  private static final String COLLECTION = "asked_documents";
  private static final List<String> PUBLIC = List.of(Principal.PUBLIC);
  private static final int SHOWN = 5;
  private static final IngestionLimits LIMITS = new IngestionLimits(1 << 20, Duration.ofMinutes(1));

  private final Stages stages;

  QuestionBench(Stages stages) {
    this.stages = stages;
  }

  void run(List<Question> questions, Path documents) {
    new Ingestion(stages.embeddings(), BgeModel.NAME, stages.milvus(), LIMITS, PUBLIC)
        .ingest(
            new IngestionRequest(
                COLLECTION,
                List.of(documents),
                List.of(),
                documents.toAbsolutePath().getParent(),
                PUBLIC,
                Map.of(),
                Prune.GONE,
                Shard.ALL),
            new Unwatched());
    Map<String, int[]> places = new LinkedHashMap<>();
    StringBuilder missed = new StringBuilder();
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      List<Found> found = stages.find(COLLECTION, question.text());
      for (Found stage : found) {
        places.computeIfAbsent(stage.stage(), name -> new int[questions.size()])[i] =
            place(question, stage);
      }
      Found last = found.get(found.size() - 1);
      if (place(question, last) > 2) {
        missed.append("  %s: %s%n".formatted(question.text(), last.passages().get(0).title()));
      }
    }
    System.out.printf(
        "%n%d questions about %s: places of the section that answers%n",
        questions.size(), documents.getFileName());
    System.out.printf("%-18s %6s %10s %10s%n", "", "first", "first two", "first five");
    places.forEach(
        (stage, of) ->
            System.out.printf(
                "%-18s %6d %10d %10d%n", stage, within(of, 1), within(of, 2), within(of, SHOWN)));
    if (!missed.isEmpty()) {
      System.out.printf("Not among the first two, and what came first instead:%n%s", missed);
    }
  }

  /** From 1; beyond all places where it was not found. */
  private static int place(Question question, Found found) {
    return IntStream.range(0, found.passages().size())
        .filter(i -> question.isAnsweredBy(found.passages().get(i)))
        .map(i -> i + 1)
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private record Unwatched() implements Progress {
    @Override
    public void advanced(long done, long total) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }

  private static long within(int[] places, int first) {
    return IntStream.of(places).filter(place -> place <= first).count();
  }
}
