package org.llmroutes.valkey;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.llmroutes.telemetry.Tracing;

/**
 * A connection that is made when it is needed first. While Valkey is away every command fails at
 * once. Safe for concurrent use.
 */
public final class ValkeyConnection implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final ClientResources resources =
      ClientResources.builder()
          .tracing(
              Tracing.isOn() ? new CommandTracing() : io.lettuce.core.tracing.Tracing.disabled())
          .build();
  private final RedisClient client;
  private volatile StatefulRedisConnection<String, String> connection;
  private volatile long failedAt = System.nanoTime() - PAUSE_NANOS;

  /**
   * @param url for instance {@code redis://localhost:6379}
   */
  public ValkeyConnection(String url) {
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(TIMEOUT);
    client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
            .build());
  }

  /**
   * @throws RedisException where Valkey is away; the commands throw it, too
   */
  public RedisCommands<String, String> commands() {
    return connected().sync();
  }

  /**
   * Commands that do not wait for their answers.
   *
   * @throws RedisException where Valkey is away
   */
  public RedisAsyncCommands<String, String> asyncCommands() {
    return connected().async();
  }

  private StatefulRedisConnection<String, String> connected() {
    if (connection == null) {
      connect();
    }
    return connection;
  }

  private synchronized void connect() {
    if (connection == null) {
      if (System.nanoTime() - failedAt < PAUSE_NANOS) {
        throw new RedisConnectionException("Valkey could not be reached a moment ago");
      }
      try {
        connection = client.connect();
      } catch (RedisException e) {
        failedAt = System.nanoTime();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    // only those that the client makes for itself does it shut down
    resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
