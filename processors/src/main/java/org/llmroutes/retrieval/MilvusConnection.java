package org.llmroutes.retrieval;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * The one client of Milvus: connects when it is first needed and again after an outage. The first
 * connection is waited for; once Milvus is known to be away, calls fail soon rather than queue up
 * for a time-out each, and a connection that takes its time is made beside them.
 */
public final class MilvusConnection implements AutoCloseable {
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(10);
  private static final Duration WAIT_WHILE_AWAY = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long ANSWERS_WITHIN_MILLIS = 10_000;

  /** Servers answer more frequent pings, or any without a call, by closing the connection. */
  private static final long KEEP_ALIVE_MILLIS = Duration.ofMinutes(5).toMillis();

  /** Before firewalls forget the connection, which then looks as if Milvus were away. */
  private static final long IDLE_MILLIS = Duration.ofMinutes(4).toMillis();

  private final MilvusSettings settings;
  private CompletableFuture<MilvusClientV2> connecting;
  private MilvusClientV2 client;
  private MilvusFailure lastFailure;
  private long failedAt;
  private boolean closed;

  public MilvusConnection(MilvusSettings settings) {
    this.settings = settings;
  }

  /** Whether there is a connection, or one can be made. */
  public boolean connects() {
    try {
      return connected() != null;
    } catch (StepException e) {
      // whoever needs it will be told why
      return false;
    }
  }

  /**
   * @param operation as Milvus names it, for traces
   * @throws StepException step {@code search}, unavailable, where Milvus does not answer or refuses
   *     this client; whatever else the SDK throws passes through
   */
  <T> T call(String operation, Function<MilvusClientV2, T> work) {
    Span current = Tracing.current();
    if (current == Span.NONE) {
      return call(work);
    }
    Span span =
        current
            .begin(Span.Kind.CLIENT, "milvus " + operation)
            .set(Names.DB_SYSTEM, "milvus")
            .set(Names.DB_OPERATION, operation)
            .set(Names.SERVER_ADDRESS, settings.host());
    try {
      return call(work);
    } catch (RuntimeException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private <T> T call(Function<MilvusClientV2, T> work) {
    MilvusClientV2 connected = connected();
    try {
      return work.apply(connected);
    } catch (RuntimeException e) {
      // a caller that was interrupted says nothing about the server
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      throw MilvusFailure.of(e, settings).map(failure -> drop(connected, failure, e)).orElse(e);
    }
  }

  private RuntimeException drop(
      MilvusClientV2 broken, MilvusFailure failure, RuntimeException cause) {
    if (failure.gone()) {
      synchronized (this) {
        if (client == broken) {
          client = null;
          failed(failure);
          broken.close();
        }
      }
    }
    return failure.exception(settings, cause);
  }

  private MilvusClientV2 connected() {
    CompletableFuture<MilvusClientV2> attempt;
    Duration patience;
    synchronized (this) {
      if (client != null) {
        return client;
      }
      if (connecting == null) {
        if (lastFailure != null && System.nanoTime() - failedAt < PAUSE_NANOS) {
          throw lastFailure.exception(settings, null);
        }
        connecting = new CompletableFuture<>();
        Thread thread = new Thread(this::connect, "milvus-connecting");
        thread.setDaemon(true);
        thread.start();
      }
      attempt = connecting;
      patience = lastFailure == null ? CONNECTS_WITHIN : WAIT_WHILE_AWAY;
    }
    try {
      return attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw e.getCause() instanceof StepException known
          ? known
          : new MilvusFailure(true, "does not answer").exception(settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepException("search", ErrorCode.INTERNAL, "Interrupted while connecting", e);
    }
  }

  private void connect() {
    try {
      new MilvusProbe(settings, CONNECTS_WITHIN).check();
      MilvusClientV2 fresh = new MilvusClientV2(config());
      fresh.retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
      connected(fresh);
    } catch (IOException e) {
      failedToConnect(new MilvusFailure(true, "cannot be used: " + e.getMessage()), e);
    } catch (RuntimeException e) {
      failedToConnect(
          MilvusFailure.of(e, settings)
              .orElseGet(() -> new MilvusFailure(true, "cannot be used: " + e.getMessage())),
          e);
    }
  }

  private synchronized void connected(MilvusClientV2 fresh) {
    if (closed) {
      fresh.close();
    } else {
      client = fresh;
      lastFailure = null;
    }
    connecting.complete(fresh);
    connecting = null;
  }

  private synchronized void failedToConnect(MilvusFailure why, Exception cause) {
    failed(why);
    connecting.completeExceptionally(why.exception(settings, cause));
    connecting = null;
  }

  private void failed(MilvusFailure why) {
    failedAt = System.nanoTime();
    lastFailure = why;
  }

  ConnectConfig config() {
    ConnectConfig.ConnectConfigBuilder config =
        ConnectConfig.builder()
            .uri(settings.uri())
            .connectTimeoutMs(CONNECTS_WITHIN.toMillis())
            .rpcDeadlineMs(ANSWERS_WITHIN_MILLIS)
            .keepAliveTimeMs(KEEP_ALIVE_MILLIS)
            .keepAliveWithoutCalls(false)
            .idleTimeoutMs(IDLE_MILLIS);
    if (!settings.token().isEmpty()) {
      config.token(settings.token());
    }
    if (!settings.database().isEmpty()) {
      config.dbName(settings.database());
    }
    if (!settings.authorityFile().isEmpty()) {
      config
          .serverPemPath(settings.authorityFile())
          .serverName(settings.serverName().isEmpty() ? settings.host() : settings.serverName());
    }
    return config.build();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
