package org.llmroutes.pipelines;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * The whole of a run in its trace, once it has ended: by the times in its entry, so that it does
 * not matter which instances followed it.
 */
final class RunSpan {
  private RunSpan() {}

  /**
   * Shows a run whose last status is told for the first time; one that was never started is none.
   */
  static void told(RunEntry entry) {
    RunStatus last = entry.status();
    if (entry.submitted() == null || !last.status().isFinal()) {
      return;
    }
    Span span =
        Tracing.continued(entry.trigger().trace())
            .begin(Span.Kind.INTERNAL, "run", entry.submitted())
            .set(Names.REQUEST_ID, entry.trigger().requestId())
            .set(Names.PIPELINE, entry.trigger().pipeline())
            .set(Names.ENGINE, entry.trigger().engine())
            .set(Names.RUN_ID, entry.started().id())
            .set(Names.STATUS, last.status().wire());
    ErrorCode error = last.error();
    if (error != null) {
      span.fail(error.wire());
    }
    span.end(last.at());
  }
}
