package org.llmroutes.cli;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.login.Logins;
import org.llmroutes.login.UserCredentials;
import org.llmroutes.nats.CancelMessage;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.telemetry.Tracing;

/**
 * For whom a command asks, and over which subjects: with a login those that its user may use on a
 * guarded server, else those of a trusted client.
 */
final class Caller implements AutoCloseable {
  /** That a request is sent again. */
  interface Repetition extends AutoCloseable {
    @Override
    void close();
  }

  private final Connection connection;
  private final String user;
  private final boolean outside;
  private final Runnable stopTracing;

  private Caller(Connection connection, String user, boolean outside, Runnable stopTracing) {
    this.stopTracing = stopTracing;
    this.connection = connection;
    this.user = user;
    this.outside = outside;
  }

  /**
   * @param named the user that the command line names, or null
   * @throws CommandFailure where NATS does not answer, or does not let this user in
   */
  static Caller connect(Settings settings, String named) throws InterruptedException {
    String url = PlatformServices.load(settings).natsUrl();
    Optional<UserCredentials> login = Logins.find(settings, named);
    Runnable stopTracing = Tracing.start(settings);
    try {
      return login.isPresent()
          ? new Caller(
              NatsConnections.connectAs(
                  login.get().userId(), login.get()::show, url, settings.environment()),
              login.get().userId(),
              true,
              stopTracing)
          : new Caller(
              NatsConnections.connect(url, settings.environment()),
              named == null ? "local" : named,
              false,
              stopTracing);
    } catch (AuthenticationException e) {
      throw new CommandFailure(refusal(login, url), e);
    } catch (IOException e) {
      throw Clients.unreachable(url, e);
    }
  }

  private static String refusal(Optional<UserCredentials> login, String url) {
    return login
        .map(shown -> "NATS does not let " + shown.userId() + " in: " + shown.remedy())
        .orElse(
            "./dev login logs in, or LLM_ROUTES_KEY with --user says who asks, which NATS at "
                + url
                + " wants to know");
  }

  Connection connection() {
    return connection;
  }

  String user() {
    return user;
  }

  /** Whether streams and buckets are out of reach. */
  boolean isOutside() {
    return outside;
  }

  /** Where what the routes publish on a subject is heard. */
  String heardOn(String subject) {
    return outside ? UserSubjects.copyOf(subject, user) : subject;
  }

  /** Where triggers of pipelines are published. */
  String triggers() {
    return outside ? "ai.pipeline.user." + user + ".trigger" : "ai.pipeline.trigger";
  }

  /**
   * Sends a request once more whenever the connection has been away, unless that is closed: a
   * server ends a connection with its token, and what it would have delivered meanwhile is lost.
   * Whoever answers recognises the request.
   */
  Repetition againAfterOutage(String subject, byte[] request) {
    ConnectionListener listener =
        (changed, event) -> {
          if (event == ConnectionListener.Events.RESUBSCRIBED) {
            connection.publish(subject, request);
          }
        };
    connection.addConnectionListener(listener);
    return () -> connection.removeConnectionListener(listener);
  }

  /** Asks whoever works on a request to stop; returns once the server has it. */
  void cancel(String requestId) throws InterruptedException, TimeoutException {
    String subject =
        outside ? "ai.cancel.user." + user + "." + requestId : "ai.cancel." + requestId;
    CancelMessage.publish(connection, subject, new byte[0]);
    connection.flush(Duration.ofSeconds(5));
  }

  @Override
  public void close() throws InterruptedException {
    connection.close();
    stopTracing.run();
  }
}
