package org.llmroutes.telemetry;

import java.util.List;
import java.util.Map;

/**
 * One span as it is told to people.
 *
 * @param parentId empty where it has none
 * @param kind in lower case
 * @param startNanos since the epoch
 * @param durationNanos so far, where it has not ended
 * @param failed whether it ended badly
 * @param links traceparent of each
 */
public record SpanView(
    String traceId,
    String spanId,
    String parentId,
    String name,
    String kind,
    long startNanos,
    long durationNanos,
    boolean ended,
    boolean failed,
    Map<String, Object> attributes,
    List<String> links) {}
