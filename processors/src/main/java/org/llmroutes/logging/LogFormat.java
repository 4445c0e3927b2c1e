package org.llmroutes.logging;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the environment says of the log. */
public final class LogFormat {
  static final String JSON = "json";
  private static final String FORMAT = "LOG_FORMAT";
  private static final String LEVEL = "LOG_LEVEL";
  private static final List<String> FORMATS = List.of("text", JSON);
  private static final List<String> LEVELS =
      List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

  private LogFormat() {}

  /** Whether whatever this process writes is to be one JSON object a line. */
  public static boolean isJson(Map<String, String> environment) {
    return JSON.equals(environment.getOrDefault(FORMAT, ""));
  }

  /** What is wrong: a level that there is not would be DEBUG, which shows what people write. */
  public static Optional<String> mistakeIn(Map<String, String> environment) {
    String format = environment.getOrDefault(FORMAT, "");
    String level = environment.getOrDefault(LEVEL, "");
    if (!format.isEmpty() && !FORMATS.contains(format)) {
      return Optional.of(FORMAT + " must be text or json, is " + OneLine.of(format, 64));
    } else if (!level.isEmpty() && LEVELS.stream().noneMatch(level::equalsIgnoreCase)) {
      return Optional.of(
          LEVEL + " must be ERROR, WARN, INFO, DEBUG or TRACE, is " + OneLine.of(level, 64));
    }
    return Optional.empty();
  }
}
