package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.llmroutes.aside.Aside;

/**
 * Writes to what {@code System.err} is at the start, whatever takes its place later. Lines of what
 * is done aside are made and not written, so that whoever rehearses rehearses them.
 */
public final class StandardError extends OutputStreamAppender<ILoggingEvent> {

  @Override
  public void start() {
    setOutputStream(new Heard(System.err));
    super.start();
  }

  private static final class Heard extends FilterOutputStream {

    Heard(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (!Aside.now()) {
        out.write(bytes, from, length);
      }
    }
  }
}
