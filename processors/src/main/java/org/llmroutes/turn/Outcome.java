package org.llmroutes.turn;

import java.util.List;
import java.util.Map;

/**
 * How a turn was answered.
 *
 * @param name the finish reason, or the code of the error
 * @param degraded the steps that it was answered without
 * @param timings milliseconds by step
 */
record Outcome(String name, List<Object> degraded, Map<String, Object> timings) {}
