package org.llmroutes.pipelines.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.llmroutes.batch.BatchInference;
import org.llmroutes.batch.BatchReport;
import org.llmroutes.batch.BatchRequest;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.progress.Progress;

/** Batch inference, as {@code ./dev batch} does it. */
record BatchJob(BatchInference inference, AllowedFolder folder) implements LocalJob {

  @Override
  public Work prepare(PipelineRun run) {
    Map<String, Object> parameters = run.parameters();
    Path input = folder.existing("input", (String) parameters.get("input"));
    Path output = folder.inside("output", (String) parameters.get("output"));
    if (!Files.isRegularFile(input)) {
      throw AllowedFolder.rejected("input: must be a file");
    }
    // so that nobody writes routes or configuration
    if (!output.toString().endsWith(".jsonl") || output.equals(input)) {
      throw AllowedFolder.rejected("output: must be another file than the input, named .jsonl");
    }
    BatchRequest request =
        new BatchRequest(
            input,
            output,
            (String) parameters.get("model"),
            ((Number) parameters.get("concurrency")).intValue(),
            ((Number) parameters.get("max_tokens")).intValue());
    return progress -> run(request, progress);
  }

  private String run(BatchRequest request, Progress progress) throws Exception {
    BatchReport report = inference.run(request, progress);
    if (report.cancelled()) {
      throw new CancellationException();
    }
    if (report.unanswered() > 0) {
      throw new JobFailure(report.summary());
    }
    return report.summary();
  }
}
