package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.PromptDispatcherFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.llmroutes.tls.PemTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to NATS. Credentials come from the environment: {@code NATS_USER} and {@code
 * NATS_PASSWORD}, {@code NATS_TOKEN}, {@code NATS_NKEY_FILE} (a seed), {@code NATS_CREDS_FILE}, the
 * files read again at every connect; TLS from {@code NATS_TLS_CA_FILE} and, for mutual TLS, {@code
 * NATS_TLS_CERT_FILE} with {@code NATS_TLS_KEY_FILE} (PEM).
 */
public final class NatsConnections {
  private static final Logger LOG = LoggerFactory.getLogger(NatsConnections.class);

  private NatsConnections() {}

  /** Connects now or fails; for commands. */
  public static Connection connect(String urls, Map<String, String> environment)
      throws IOException, InterruptedException {
    Options.Builder builder = options(urls, environment);
    authenticate(builder, environment);
    return Nats.connect(builder.maxReconnects(-1).build());
  }

  /**
   * Connects now or fails, as a user of the platform, whose acknowledgements come to an inbox of
   * its own.
   *
   * @param credentials sets what is shown at every connect
   */
  public static Connection connectAs(
      String user,
      Consumer<Options.Builder> credentials,
      String urls,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    Options.Builder builder = options(urls, environment);
    credentials.accept(builder);
    return Nats.connect(builder.inboxPrefix("_INBOX_" + user + ".").maxReconnects(-1).build());
  }

  /**
   * Gives a connection that goes on trying until NATS is there, and for ever after; for services,
   * which say that they are not ready in the meantime. Returns after the first try.
   *
   * @throws IOException where the credentials are refused
   */
  public static Connection connectEventually(String urls, Map<String, String> environment)
      throws IOException, InterruptedException {
    CompletableFuture<Connection> tried = new CompletableFuture<>();
    Options.Builder builder = options(urls, environment);
    authenticate(builder, environment);
    Options options = builder.maxReconnects(-1).connectionListener(telling(tried)).build();
    Thread connecting =
        new Thread(
            () -> {
              try {
                tried.complete(Nats.connectReconnectOnConnect(options));
              } catch (IOException | InterruptedException | RuntimeException e) {
                tried.completeExceptionally(e);
              }
            },
            "nats-connecting");
    connecting.setDaemon(true);
    connecting.start();
    try {
      return tried.get();
    } catch (ExecutionException e) {
      throw new IOException("NATS at " + urls + " cannot be used: " + e.getCause().getMessage(), e);
    }
  }

  private static Options.Builder options(String urls, Map<String, String> environment)
      throws IOException {
    Options.Builder builder =
        new Options.Builder()
            .servers(urls.split("\\s*,\\s*"))
            .connectionName("llm-routes")
            .dataPortType(GuardedDataPort.class.getName())
            .dispatcherFactory(new PromptDispatcherFactory())
            // what is published together leaves in one write
            .dontForceFlushOnRequest()
            .connectionTimeout(Duration.ofSeconds(5))
            .reconnectWait(Duration.ofMillis(500))
            .reconnectJitter(Duration.ofMillis(500))
            .pingInterval(Duration.ofSeconds(20))
            .errorListener(new LoggingErrorListener());
    secure(builder, environment);
    return builder;
  }

  private static void authenticate(Options.Builder builder, Map<String, String> environment)
      throws IOException {
    if (environment.containsKey("NATS_CREDS_FILE")) {
      builder.authHandler(Nats.credentials(environment.get("NATS_CREDS_FILE")));
    } else if (environment.containsKey("NATS_NKEY_FILE")) {
      builder.authHandler(new SeedFile(Path.of(environment.get("NATS_NKEY_FILE"))));
    } else if (environment.containsKey("NATS_TOKEN")) {
      builder.token(environment.get("NATS_TOKEN").toCharArray());
    } else if (environment.containsKey("NATS_USER")) {
      builder.userInfo(environment.get("NATS_USER"), environment.getOrDefault("NATS_PASSWORD", ""));
    }
  }

  private static void secure(Options.Builder builder, Map<String, String> environment)
      throws IOException {
    String authority = environment.get("NATS_TLS_CA_FILE");
    if (authority != null) {
      try {
        builder.sslContext(
            PemTls.context(
                Path.of(authority),
                environment.get("NATS_TLS_CERT_FILE"),
                environment.get("NATS_TLS_KEY_FILE")));
      } catch (GeneralSecurityException e) {
        throw new IOException("The TLS files of NATS cannot be used: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Hands out the connection at its first event, and says once that it is lost, not at every vain
   * attempt to get it back.
   */
  private static ConnectionListener telling(CompletableFuture<Connection> tried) {
    AtomicBoolean lost = new AtomicBoolean();
    return (connection, event) -> {
      tried.complete(connection);
      switch (event) {
        case CONNECTED, RECONNECTED -> {
          lost.set(false);
          LOG.atInfo().addKeyValue("url", connection.getConnectedUrl()).log("NATS connected");
        }
        case DISCONNECTED -> {
          if (!lost.getAndSet(true)) {
            LOG.warn("NATS is not reachable; trying again until it is");
          }
        }
        default -> LOG.debug("{}", event);
      }
    };
  }
}
