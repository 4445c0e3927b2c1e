package org.llmroutes.pipelines.local;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.llmroutes.ingest.Ingestion;
import org.llmroutes.ingest.IngestionReport;
import org.llmroutes.ingest.IngestionRequest;
import org.llmroutes.ingest.Problem;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.progress.Progress;
import org.llmroutes.upload.UploadedDocument;
import org.llmroutes.upload.Uploads;

/**
 * Ingests a document that was uploaded by the user of the run. What is not in the collection
 * afterwards is a failure with its reason.
 */
record UploadJob(Ingestion ingestion, Uploads uploads) implements LocalJob {

  @Override
  public Work prepare(PipelineRun run) {
    String id = (String) run.parameters().get("upload");
    return progress -> {
      Optional<String> before = uploads.outcome(run.userId(), id);
      return before.isPresent() ? before.get() : ingested(run.userId(), id, progress);
    };
  }

  private String ingested(String userId, String id, Progress progress) throws JobFailure {
    UploadedDocument upload =
        uploads
            .get(userId, id)
            .orElseThrow(
                () -> new JobFailure("There is no upload " + id + " of " + userId + " any more"));
    IngestionReport report =
        ingestion.ingest(
            IngestionRequest.of(upload.document(), upload.collection(), upload.readers()),
            progress);
    if (report.cancelled()) {
      throw new CancellationException();
    }
    String outcome = outcome(report, upload);
    uploads.ingested(userId, id, outcome);
    return outcome;
  }

  private static String outcome(IngestionReport report, UploadedDocument upload) throws JobFailure {
    Optional<String> remark =
        Stream.concat(report.problems().stream(), report.notes().stream())
            .map(Problem::reason)
            .findFirst();
    String document = upload.document().name();
    if (report.added() + report.changed() + report.unchanged() == 0) {
      throw new JobFailure(document + " " + remark.orElse("has no text"));
    }
    String how = report.added() > 0 ? "is new" : report.changed() > 0 ? "was replaced" : "is there";
    String done = "%s %s in %s".formatted(document, how, upload.collection());
    return remark.map(reason -> done + "; it " + reason).orElse(done);
  }
}
