package org.llmroutes.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/**
 * A stack trace that stays short: a few frames of each exception, a few causes. Every line but the
 * first begins with {@code \tat}, {@code \t…} or {@code Caused by:}, whatever messages say.
 */
final class Trace {
  private static final int FRAMES = 12;
  private static final int CAUSES = 5;
  private static final int MESSAGE = 1024;

  private Trace() {}

  static String of(IThrowableProxy thrown) {
    StringBuilder trace = new StringBuilder();
    IThrowableProxy exception = thrown;
    for (int i = 0; exception != null && i < CAUSES; i++) {
      trace.append(i == 0 ? "" : "Caused by: ").append(exception.getClassName());
      if (exception.getMessage() != null) {
        trace.append(": ").append(OneLine.of(exception.getMessage(), MESSAGE));
      }
      trace.append('\n');
      frames(trace, exception.getStackTraceElementProxyArray());
      exception = exception.getCause();
    }
    return trace.toString();
  }

  private static void frames(StringBuilder trace, StackTraceElementProxy[] frames) {
    int shown = Math.min(FRAMES, frames == null ? 0 : frames.length);
    for (int i = 0; i < shown; i++) {
      trace.append('\t').append(frames[i].getSTEAsString()).append('\n');
    }
    if (frames != null && frames.length > shown) {
      trace.append("\t… ").append(frames.length - shown).append(" more\n");
    }
  }
}
