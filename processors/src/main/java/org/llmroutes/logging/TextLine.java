package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** An event for people: time, level, who, what, then {@code key="value"} pairs; a trace below. */
final class TextLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());
  private static final int MESSAGE = 8192;
  private static final int VALUE = 2048;

  private TextLine() {}

  static String of(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
        .append(' ')
        .append(event.getLevel())
        .append(event.getLevel().levelStr.length() < 5 ? "  " : " ")
        .append(logger.substring(logger.lastIndexOf('.') + 1))
        .append(' ')
        .append(OneLine.of(Fields.message(event), MESSAGE));
    Fields.of(event)
        .forEach(
            (key, value) ->
                line.append(' ')
                    .append(OneLine.of(key, VALUE))
                    .append("=\"")
                    .append(OneLine.of(Fields.text(value), VALUE).replace("\"", "\\\""))
                    .append('"'));
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(Trace.of(event.getThrowableProxy()));
    }
    return line.toString();
  }
}
