package org.llmroutes.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code timings_ms} of a voice response as bars on one axis. Steps ran one after the other,
 * but for the voice, which speaks while the answer is written and ends before the turn is saved.
 */
final class Timeline {
  private static final int COLUMNS = 48;

  private final double millisPerColumn;
  private final List<String> lines = new ArrayList<>();

  private Timeline(long total) {
    this.millisPerColumn = Math.max(1, total) / (double) COLUMNS;
  }

  static List<String> of(Map<String, ? extends Number> timings) {
    long total = timings.get("total").longValue();
    Timeline timeline = new Timeline(total);
    long begin = 0;
    for (Map.Entry<String, ? extends Number> step : timings.entrySet()) {
      long millis = step.getValue().longValue();
      switch (step.getKey()) {
        case "queue", "total" -> timeline.lines.add(label(step.getKey(), millis));
        case "tts" -> {
          long end = total - (timings.containsKey("save") ? timings.get("save").longValue() : 0);
          timeline.bar("tts", end - millis, millis);
        }
        case "first_token" -> timeline.mark("first_token", millis, begin + millis);
        case "first_audio" -> timeline.mark("first_audio", millis, millis);
        default -> {
          timeline.bar(step.getKey(), begin, millis);
          begin += millis;
        }
      }
    }
    return timeline.lines;
  }

  private void bar(String step, long begin, long millis) {
    int from = column(begin);
    int to = Math.max(from + 1, column(begin + millis));
    lines.add(label(step, millis) + "  " + " ".repeat(from) + "#".repeat(to - from));
  }

  private void mark(String step, long millis, long at) {
    lines.add(label(step, millis) + "  " + " ".repeat(column(at)) + "^");
  }

  private int column(long millis) {
    return (int) Math.min(COLUMNS, Math.max(0, millis) / millisPerColumn);
  }

  private static String label(String step, long millis) {
    return String.format(Locale.ROOT, "%-12s %6d ms", step, millis);
  }
}
