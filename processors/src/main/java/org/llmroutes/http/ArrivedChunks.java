package org.llmroutes.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/** A body in chunks that knows of the next one while the buffer holds it. */
final class ArrivedChunks extends FilterInputStream {
  private static final int END_OF_CHUNK = "\r\n".length();

  private final SessionInputBuffer buffer;

  ArrivedChunks(InputStream chunks, SessionInputBuffer buffer) {
    super(chunks);
    this.buffer = buffer;
  }

  /** What can be read without waiting for more than the rest of a chunk that has begun to come. */
  @Override
  public int available() throws IOException {
    int ofThis = super.available();
    return ofThis > 0 || buffer.length() <= END_OF_CHUNK ? ofThis : 1;
  }
}
