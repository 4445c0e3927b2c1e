package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/**
 * Writes events as {@code LOG_FORMAT} says; text is what any other value than {@code json} is.
 * Encoders that there are keep neither control characters nor megabytes out of a line.
 */
public final class LogLines extends EncoderBase<ILoggingEvent> {
  private boolean json;

  /** {@code text} or {@code json}. */
  public void setFormat(String format) {
    json = LogFormat.JSON.equals(format);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = json ? JsonLine.of(event) : TextLine.of(event);
    return line.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
