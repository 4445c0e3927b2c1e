package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints what a final response says beside its text. */
final class ResponsePrinter {
  private ResponsePrinter() {}

  static void print(Map<String, Object> response, PrintStream out) {
    if (response.get("sources") instanceof List<?> sources && !sources.isEmpty()) {
      out.println();
      for (Object entry : sources) {
        Map<?, ?> source = (Map<?, ?>) entry;
        out.println(Printable.line(line(source)));
        if (source.get("url") instanceof String link) {
          out.println(Printable.line("    " + link));
        }
      }
    }
    if (response.get("degraded") instanceof List<?> degraded && !degraded.isEmpty()) {
      System.err.println(
          "Without: " + String.join(", ", degraded.stream().map(String::valueOf).toList()));
    }
    if (response.get("error") instanceof Map<?, ?> error) {
      System.err.printf("%s: %s%n", error.get("code"), error.get("message"));
    }
    if ("cancelled".equals(response.get("finish_reason"))) {
      System.err.println("Cancelled");
    }
  }

  private static String line(Map<?, ?> source) {
    String page = source.get("page") == null ? "" : ", page " + source.get("page");
    return "[%s] %s  %s%s"
        .formatted(source.get("n"), source.get("document"), source.get("title"), page);
  }
}
