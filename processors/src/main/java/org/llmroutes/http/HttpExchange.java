package org.llmroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * An answer and its body as it arrives. Closing it before its end ends the request at the server; a
 * thread that reads it meanwhile gets an error, one that is interrupted an {@link
 * InterruptedIOException}, and one that has read 32 MiB an {@link EndlessAnswer}.
 */
final class HttpExchange extends InputStream {
  private static final long MAX_BYTES = 32L << 20;

  private final HttpConnection connection;
  private final ClassicHttpResponse response;
  private final Runnable keep;
  private final InputStream body;
  private long left = MAX_BYTES;
  private boolean ended;
  private IOException failure;

  /**
   * @param keep what is done with the connection once the body has ended
   */
  HttpExchange(HttpConnection connection, ClassicHttpResponse response, Runnable keep)
      throws IOException {
    this.connection = connection;
    this.response = response;
    this.keep = keep;
    HttpEntity entity = response.getEntity();
    this.body = entity == null ? nullInputStream() : entity.getContent();
  }

  int status() {
    return response.getCode();
  }

  /** The first header of that name. */
  Optional<String> header(String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    } else if (ended) {
      return -1;
    }
    try {
      int count = body.read(bytes, offset, length);
      if (count < 0) {
        ended = true;
        keep.run();
      } else {
        left -= count;
        if (left < 0) {
          throw new EndlessAnswer(MAX_BYTES);
        }
      }
      return count;
    } catch (IOException e) {
      connection.abort();
      failure = interruptedOr(e);
      throw failure;
    }
  }

  @Override
  public int available() throws IOException {
    return ended || failure != null ? 0 : body.available();
  }

  @Override
  public void close() {
    if (!ended) {
      connection.abort();
    }
  }

  /** A channel that is closed by an interrupt says so in several ways, through TLS in others. */
  static IOException interruptedOr(IOException failure) {
    return Thread.currentThread().isInterrupted()
        ? (IOException) new InterruptedIOException().initCause(failure)
        : failure;
  }
}
