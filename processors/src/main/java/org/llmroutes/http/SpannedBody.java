package org.llmroutes.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.llmroutes.telemetry.Span;

/** A body that is read while it arrives; with its end the call's span ends. */
final class SpannedBody extends FilterInputStream {
  private final Span span;

  SpannedBody(InputStream body, Span span) {
    super(body);
    this.span = span;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      span.fail(e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    span.end();
    super.close();
  }
}
