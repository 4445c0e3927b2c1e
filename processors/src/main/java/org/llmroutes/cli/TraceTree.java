package org.llmroutes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Spans as a tree for each trace, with milliseconds since its beginning and of each span. */
final class TraceTree {
  /** What else is said of a span, and in which words. */
  private static final Map<String, String> TOLD =
      Map.of(
          "llm_routes.service", "",
          "http.response.status_code", "HTTP ",
          "gen_ai.usage.output_tokens", "tokens ",
          "llm_routes.outcome", "",
          "llm_routes.cancelled_in", "cancelled in ",
          "llm_routes.delivery", "delivery ",
          "messaging.batch.message_count", "messages ",
          "error.type", "! ");

  private static final double NANOS_OF_A_MILLI = 1e6;

  private final List<JsonNode> spans;
  private final Map<String, List<JsonNode>> children;
  private final Set<String> known;

  /**
   * @param spans as {@code /observe/traces/} gives them
   */
  TraceTree(List<JsonNode> spans) {
    this.spans = spans.stream().sorted(Comparator.comparingLong(TraceTree::start)).toList();
    this.known =
        spans.stream().map(span -> span.path("spanId").asText()).collect(Collectors.toSet());
    this.children =
        this.spans.stream().collect(Collectors.groupingBy(span -> span.path("parentId").asText()));
  }

  void print(PrintStream out) {
    Set<String> traces = new LinkedHashSet<>();
    spans.forEach(span -> traces.add(span.path("traceId").asText()));
    for (String trace : traces) {
      List<JsonNode> roots =
          spans.stream()
              .filter(span -> trace.equals(span.path("traceId").asText()))
              .filter(span -> !known.contains(span.path("parentId").asText()))
              .toList();
      out.println("trace " + Printable.line(trace));
      out.printf("%10s %10s%n", "at ms", "took ms");
      roots.forEach(root -> print(out, root, 0, start(roots.get(0))));
    }
  }

  private void print(PrintStream out, JsonNode span, int depth, long begin) {
    out.printf(
        "%10.1f %10.1f  %s%s%s%n",
        (start(span) - begin) / NANOS_OF_A_MILLI,
        span.path("durationNanos").asLong() / NANOS_OF_A_MILLI,
        "  ".repeat(depth),
        Printable.line(span.path("name").asText()),
        Printable.line(details(span)));
    children
        .getOrDefault(span.path("spanId").asText(), List.of())
        .forEach(child -> print(out, child, depth + 1, begin));
  }

  private static long start(JsonNode span) {
    return span.path("startNanos").asLong();
  }

  private static String details(JsonNode span) {
    StringJoiner told = new StringJoiner(", ", "  (", ")").setEmptyValue("");
    if (!span.path("ended").asBoolean()) {
      told.add("in work");
    }
    JsonNode attributes = span.path("attributes");
    attributes
        .fieldNames()
        .forEachRemaining(
            name -> {
              boolean first =
                  "llm_routes.delivery".equals(name) && attributes.path(name).asInt() == 1;
              if (TOLD.containsKey(name) && !first) {
                told.add(TOLD.get(name) + attributes.path(name).asText());
              }
            });
    span.path("links").forEach(link -> told.add("see " + link.asText()));
    return told.toString();
  }
}
