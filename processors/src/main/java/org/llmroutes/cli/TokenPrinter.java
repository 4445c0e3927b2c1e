package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Prints the tokens of the highest attempt as they come; an answer begun again starts on a new
 * line.
 */
final class TokenPrinter implements Consumer<Map<String, Object>> {
  private final PrintStream out;
  private long attempt;
  private boolean printed;

  /**
   * @param out where to print, or null to print nothing
   */
  TokenPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void accept(Map<String, Object> chunk) {
    long current = ((Number) chunk.get("attempt")).longValue();
    if (out == null || current < attempt) {
      return;
    }
    if (current > attempt && printed) {
      out.println();
      out.println("(begun again)");
      printed = false;
    }
    attempt = current;
    if ("token".equals(chunk.get("type"))) {
      out.print(chunk.get("content"));
      out.flush();
      printed = true;
    }
  }

  /** Ends the line; prints the whole text where no token had come. */
  void finish(String text) {
    if (!printed && text != null) {
      out.print(text);
      printed = true;
    }
    if (printed) {
      out.println();
    }
  }
}
