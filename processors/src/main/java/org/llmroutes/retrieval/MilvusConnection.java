package org.llmroutes.retrieval;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import java.time.Duration;
import java.util.function.Function;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * The one client of Milvus: connects when it is first needed and again after an outage; while
 * Milvus is away, calls fail at once rather than queue up for a time-out each.
 */
public final class MilvusConnection implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final String uri;
  private volatile MilvusClientV2 client;
  private volatile RuntimeException lastFailure;
  private volatile long failedAt;

  /**
   * @param uri for instance {@code http://localhost:19530}
   */
  public MilvusConnection(String uri) {
    this.uri = uri;
  }

  /**
   * @throws StepException step {@code search}, unavailable, where Milvus does not answer; whatever
   *     else the SDK throws passes through
   */
  <T> T call(Function<MilvusClientV2, T> work) {
    MilvusClientV2 connected = connected();
    try {
      return work.apply(connected);
    } catch (RuntimeException e) {
      // a caller that was interrupted says nothing about the server
      if (MilvusErrors.isOutage(e) && !Thread.currentThread().isInterrupted()) {
        drop(connected, e);
        throw unavailable(e);
      }
      throw e;
    }
  }

  private MilvusClientV2 connected() {
    if (client == null && lastFailure != null && System.nanoTime() - failedAt < PAUSE_NANOS) {
      throw unavailable(lastFailure);
    }
    synchronized (this) {
      if (client == null) {
        client = connect();
      }
      return client;
    }
  }

  private MilvusClientV2 connect() {
    if (lastFailure != null && System.nanoTime() - failedAt < PAUSE_NANOS) {
      throw unavailable(lastFailure);
    }
    try {
      MilvusClientV2 fresh =
          new MilvusClientV2(
              ConnectConfig.builder()
                  .uri(uri)
                  .connectTimeoutMs(2000)
                  .rpcDeadlineMs(10_000)
                  .build());
      fresh.retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
      lastFailure = null;
      return fresh;
    } catch (RuntimeException e) {
      failed(e);
      throw unavailable(e);
    }
  }

  private synchronized void drop(MilvusClientV2 broken, RuntimeException why) {
    if (client == broken) {
      client = null;
      failed(why);
      broken.close();
    }
  }

  private void failed(RuntimeException why) {
    failedAt = System.nanoTime();
    lastFailure = why;
  }

  private static StepException unavailable(RuntimeException cause) {
    return new StepException("search", ErrorCode.UNAVAILABLE, "Milvus cannot be reached", cause);
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
