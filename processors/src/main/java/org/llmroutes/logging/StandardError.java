package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;

/** Writes to what {@code System.err} is at the start, whatever takes its place later. */
public final class StandardError extends OutputStreamAppender<ILoggingEvent> {

  @Override
  public void start() {
    setOutputStream(System.err);
    super.start();
  }
}
