package org.llmroutes.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes what is long a slice at a time, so that an early answer is noticed between two. */
final class Slices extends FilterOutputStream {
  private static final int BYTES = 64 * 1024;

  Slices(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; at += BYTES) {
      out.write(bytes, offset + at, Math.min(BYTES, length - at));
    }
  }
}
