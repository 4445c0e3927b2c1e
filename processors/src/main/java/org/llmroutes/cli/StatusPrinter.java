package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shows the statuses of a run: one line a status on a terminal, its progress in place; elsewhere a
 * line for every change.
 */
final class StatusPrinter implements Consumer<Map<String, Object>> {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean json;
  private final boolean live;
  private Object shown;

  /**
   * @param json whether to print each status as it came, a line of JSON
   */
  StatusPrinter(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
    this.live = !json && Terminal.isAttached();
  }

  @Override
  public void accept(Map<String, Object> status) {
    if (!live) {
      out.println(json ? json(status) : line(status));
      return;
    }
    if (shown != null) {
      out.print(shown.equals(status.get("status")) ? CLEAR_LINE : System.lineSeparator());
    }
    String line = line(status);
    out.print(line.substring(0, Math.min(line.length(), Terminal.width() - 1)));
    out.flush();
    shown = status.get("status");
  }

  /** Ends the line that is being shown. */
  void end() {
    if (shown != null) {
      out.println();
      shown = null;
    }
  }

  private static String line(Map<String, Object> status) {
    return Stream.of("timestamp", "status", "progress", "engine", "run_id", "message", "url")
        .map(status::get)
        .filter(Objects::nonNull)
        .map(value -> Printable.line(value.toString()))
        .collect(Collectors.joining("  "));
  }

  private static String json(Map<String, Object> status) {
    try {
      return PrintableJson.line(status);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
