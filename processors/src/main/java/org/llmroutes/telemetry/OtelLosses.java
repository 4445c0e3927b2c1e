package org.llmroutes.telemetry;

import io.micrometer.core.instrument.Counter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import org.llmroutes.metrics.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the spans that a collector does not take, and says so now and then. */
final class OtelLosses implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(OtelLosses.class);
  private static final long TOLD_EVERY_NANOS = Duration.ofMinutes(5).toNanos();

  private final SpanExporter exporter;
  private final AtomicLong lost = new AtomicLong();
  private final Counter refused =
      Meters.counter("llm.routes.spans.lost", "Spans that the collector did not take");
  private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);

  OtelLosses(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(
        () -> {
          if (!result.isSuccess()) {
            refused.increment(spans.size());
            tell(lost.addAndGet(spans.size()));
          }
        });
    return result;
  }

  private void tell(long lostSoFar) {
    long last = toldAt.get();
    long now = System.nanoTime();
    if (now - last >= TOLD_EVERY_NANOS && toldAt.compareAndSet(last, now)) {
      LOG.atWarn()
          .addKeyValue("lost_spans", lostSoFar)
          .log("the collector that OTEL_EXPORTER_OTLP_ENDPOINT names does not take spans");
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
