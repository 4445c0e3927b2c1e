package org.llmroutes.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

/** Reads from the SDK's own metrics how many spans found no room in its queue. */
final class OtelDrops implements MetricReader {
  private static final String PROCESSED = "processedSpans";
  private static final AttributeKey<Boolean> DROPPED = AttributeKey.booleanKey("dropped");

  private volatile CollectionRegistration metrics = CollectionRegistration.noop();

  @Override
  public void register(CollectionRegistration registration) {
    metrics = registration;
  }

  /** Since the start. */
  long count() {
    return metrics.collectAllMetrics().stream()
        .filter(metric -> PROCESSED.equals(metric.getName()))
        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
        .filter(point -> Boolean.TRUE.equals(point.getAttributes().get(DROPPED)))
        .mapToLong(point -> point.getValue())
        .sum();
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
