package org.llmroutes.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The newest spans of this instance, from their beginning on, in a ring. */
final class OtelRing implements SpanProcessor {
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey(Names.REQUEST_ID);

  private final ReadableSpan[] ring;
  private int next;

  /**
   * @param size spans, 0 for none
   */
  OtelRing(int size) {
    ring = new ReadableSpan[size];
  }

  @Override
  public synchronized void onStart(Context parent, ReadWriteSpan span) {
    ring[next] = span;
    next = (next + 1) % ring.length;
  }

  @Override
  public boolean isStartRequired() {
    return ring.length > 0;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    // it is here since it began
  }

  @Override
  public boolean isEndRequired() {
    return false;
  }

  List<SpanView> find(String requestId) {
    List<ReadableSpan> all;
    synchronized (this) {
      all = Arrays.stream(ring).filter(Objects::nonNull).toList();
    }
    Set<String> traces =
        all.stream()
            .filter(span -> requestId.equals(span.getAttribute(REQUEST)))
            .map(span -> span.getSpanContext().getTraceId())
            .collect(Collectors.toSet());
    return all.stream()
        .filter(span -> traces.contains(span.getSpanContext().getTraceId()))
        .map(OtelRing::view)
        .sorted(Comparator.comparingLong(SpanView::startNanos))
        .toList();
  }

  private static SpanView view(ReadableSpan span) {
    SpanData data = span.toSpanData();
    Map<String, Object> attributes = new TreeMap<>();
    data.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
    SpanContext parent = data.getParentSpanContext();
    return new SpanView(
        data.getTraceId(),
        data.getSpanId(),
        parent.isValid() ? parent.getSpanId() : "",
        data.getName(),
        data.getKind().name().toLowerCase(Locale.ROOT),
        data.getStartEpochNanos(),
        span.getLatencyNanos(),
        data.hasEnded(),
        data.getStatus().getStatusCode() == StatusCode.ERROR,
        attributes,
        data.getLinks().stream().map(LinkData::getSpanContext).map(OtelRing::text).toList());
  }

  private static String text(SpanContext linked) {
    return "00-%s-%s-%s"
        .formatted(linked.getTraceId(), linked.getSpanId(), linked.getTraceFlags().asHex());
  }
}
