package org.llmroutes.rehearsal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/** Keeps what is rehearsed out of the log, since nobody asked for it. */
public final class Unheard extends TurboFilter {
  /** Of the threads that a rehearsal has begun, directly or not. */
  private static final InheritableThreadLocal<Boolean> REHEARSING = new InheritableThreadLocal<>();

  private static volatile boolean on;

  /** From here on the calling thread and those that it begins say nothing. */
  static void begin() {
    on = true;
    REHEARSING.set(true);
  }

  /** Threads that live on, in pools that all share, are heard again. */
  static void end() {
    on = false;
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
    return on && REHEARSING.get() != null ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
