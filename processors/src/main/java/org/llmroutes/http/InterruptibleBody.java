package org.llmroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The body of a response as it arrives. Interrupting the thread that reads closes it, which the
 * JDK's own stream does only in later versions than 17.
 */
final class InterruptibleBody extends InputStream implements BodySubscriber<InputStream> {
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private List<ByteBuffer> current = List.of();
  private int next;
  private volatile Throwable failure;

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(buffers);
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
    onComplete();
  }

  @Override
  public void onComplete() {
    arrived.add(List.of(END));
  }

  @Override
  public int read() throws IOException {
    ByteBuffer buffer = buffer();
    return buffer == END ? -1 : buffer.get() & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = buffer();
    if (buffer == END) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  /** What has arrived of the body and was not read. */
  @Override
  public int available() {
    int count = 0;
    for (int i = next; i < current.size(); i++) {
      count += current.get(i).remaining();
    }
    return count;
  }

  /** One that has bytes, or the end. */
  private ByteBuffer buffer() throws IOException {
    while (true) {
      for (; next < current.size(); next++) {
        ByteBuffer buffer = current.get(next);
        if (buffer == END && failure != null) {
          throw new IOException(failure);
        } else if (buffer == END || buffer.hasRemaining()) {
          return buffer;
        }
      }
      if (!current.isEmpty()) {
        subscription.join().request(1);
      }
      try {
        current = arrived.take();
        next = 0;
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }

  /** Ends the request at the server; a thread that reads gets an error. */
  @Override
  public void close() {
    onError(new IOException("closed"));
    subscription.thenAccept(Flow.Subscription::cancel);
  }
}
