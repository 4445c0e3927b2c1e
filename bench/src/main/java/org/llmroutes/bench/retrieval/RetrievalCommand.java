package org.llmroutes.bench.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.EmbeddingService;
import org.llmroutes.local.ai.RerankService;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.HttpReranker;
import org.llmroutes.retrieval.MilvusConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How well documents are found, stage by stage, with the product's own search on real Milvus Lite
 * and real BGE.
 */
@Command(
    name = "retrieval",
    description = {
      "Measure retrieval: BM25, dense, fused, fused and reranked, on known-item questions about Camel's options, on collections in TREC form,"
          + " and on people's questions about their own documents.",
      "The first run embeds the documents, which takes minutes; they are kept in .dev/bench."
    },
    mixinStandardHelpOptions = true)
public final class RetrievalCommand implements Callable<Integer> {
  @Option(
      names = "--trec",
      paramLabel = "DIR",
      description = "A folder with documents, topics and judgments in TREC form; can be repeated")
  private List<Path> trec = new ArrayList<>();

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description =
          "Only these questions: a line each, with the question, the name of the file that answers it and its heading, separated by tabs")
  private Path questions;

  @Option(
      names = "--documents",
      paramLabel = "DIR",
      description = "What --questions are about (default: docs)")
  private Path documents = Project.root().resolve("docs");

  @Option(names = "--no-rerank", description = "Leave out reranking, which takes most of the time")
  private boolean withoutRerank;

  @Override
  public Integer call() throws Exception {
    List<TestCollection> collections = new ArrayList<>();
    List<Question> asked = questions == null ? List.of() : Question.read(questions);
    for (Path folder : trec) {
      collections.add(TrecCollection.read(folder));
    }
    if (questions == null) {
      collections.add(0, CatalogCollection.read());
    }
    BgeModel model = new BgeModel();
    Path data = Project.root().resolve(".dev/bench/milvus");
    Files.createDirectories(data);
    try (MilvusLite server = new MilvusLite(data, 0);
        EmbeddingService embeddings = new EmbeddingService(model, 0);
        RerankService reranker = new RerankService(model, 0)) {
      server.start();
      try (MilvusConnection milvus =
          new MilvusConnection(MilvusSettings.plain(server.host(), server.port()))) {
        Stages stages =
            new Stages(
                milvus,
                new DocumentSearch(milvus),
                HttpEmbeddings.of(service("embeddings", embeddings.url())),
                withoutRerank ? null : new HttpReranker(service("reranker", reranker.url())));
        for (TestCollection collection : collections) {
          measure(collection, milvus, stages, data);
        }
        if (!asked.isEmpty()) {
          new QuestionBench(stages).run(asked, documents);
        }
      }
    }
    return 0;
  }

  private static void measure(
      TestCollection collection, MilvusConnection milvus, Stages stages, Path data)
      throws IOException {
    String name = SearchIndex.of(collection, milvus, stages.embeddings(), data);
    System.out.println();
    System.out.println(collection.about());
    List<Score> scores = new ArrayList<>();
    for (TestCollection.Query query : collection.queries()) {
      List<Stages.Found> found = stages.find(name, query.text());
      for (int i = 0; i < found.size(); i++) {
        if (scores.size() == i) {
          scores.add(new Score(found.get(i).stage()));
        }
        scores.get(i).add(found.get(i), query);
      }
    }
    Score dense = scores.get(Stages.DENSE);
    System.out.printf(
        "%-18s %8s %7s %8s %7s %8s %7s %8s%n",
        "", "nDCG@5", "", "nDCG@10", "", "Recall@5", "", "ms p50");
    scores.forEach(score -> System.out.println(score.line(dense)));
  }

  /** Both services speak the protocol of Text Embeddings Inference. */
  private static ServiceSettings service(String name, String url) {
    return new ServiceSettings(
        name, url, "tei", BgeModel.NAME, "", Duration.ofSeconds(120), 0, Resilience.none());
  }
}
