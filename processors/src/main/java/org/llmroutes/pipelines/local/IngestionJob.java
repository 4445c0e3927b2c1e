package org.llmroutes.pipelines.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.llmroutes.ingest.Ingestion;
import org.llmroutes.ingest.IngestionReport;
import org.llmroutes.ingest.IngestionRequest;
import org.llmroutes.ingest.Prune;
import org.llmroutes.ingest.Shard;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.progress.Progress;
import org.llmroutes.retrieval.Readers;

/** Document ingestion, as {@code ./dev ingest} does it; in one process, shards gain nothing. */
record IngestionJob(Ingestion ingestion, AllowedFolder folder) implements LocalJob {

  @Override
  public Work prepare(PipelineRun run) {
    Map<String, Object> parameters = run.parameters();
    Path source = folder.existing("source", (String) parameters.get("source"));
    IngestionRequest request =
        new IngestionRequest(
            (String) parameters.get("collection"),
            List.of(source),
            List.of(),
            folder.root(),
            readers((String) parameters.getOrDefault("readers", Readers.STATED)),
            Map.of(),
            Prune.NONE,
            Shard.ALL);
    return progress -> run(request, progress);
  }

  private static List<String> readers(String written) {
    try {
      return Readers.ofIngestion(written);
    } catch (IllegalArgumentException e) {
      throw AllowedFolder.rejected("readers: " + e.getMessage());
    }
  }

  private String run(IngestionRequest request, Progress progress) {
    IngestionReport report = ingestion.ingest(request, progress);
    if (report.cancelled()) {
      throw new CancellationException();
    }
    return report.summary();
  }
}
