package org.llmroutes.ingest;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import org.llmroutes.metrics.Meters;

/** What is counted of ingestion in this process. */
public final class IngestionMeters {
  private static final Map<String, Counter> DOCUMENTS =
      Meters.counters(
          "llm.routes.ingestion.documents",
          "Documents by what became of them; failed are those that could not be read or written whole",
          "outcome",
          List.of("added", "changed", "unchanged", "empty", "removed", "failed"));
  private static final Counter CHUNKS =
      Meters.counter("llm.routes.ingestion.chunks", "Chunks that were written");

  private IngestionMeters() {}

  static void documents(String outcome, int number) {
    DOCUMENTS.get(outcome).increment(number);
  }

  static void chunks(int number) {
    CHUNKS.increment(number);
  }

  /** Shows them before the first ingestion. */
  public static void show() {
    CHUNKS.increment(0);
  }
}
