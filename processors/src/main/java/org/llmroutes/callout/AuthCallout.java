package org.llmroutes.callout;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Membership;
import org.llmroutes.identity.Memberships;
import org.llmroutes.identity.Memberships.Source;
import org.llmroutes.identity.RefusedCredentials;
import org.llmroutes.turn.TurnOpening;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a guarded nats-server who connects: whose API key or token a client has, and with it what
 * it may do and for how long. Any number of instances share the work.
 */
public final class AuthCallout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuthCallout.class);
  private static final String SUBJECT = "$SYS.REQ.USER.AUTH";
  private static final String ACCOUNT = "USERS";

  /** A key without an end is looked at again so often, because it may have been revoked. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Logins at once; one may wait for the issuer's keys. */
  private static final int WORKERS = 8;

  private final Connection connection;
  private final Authentication authentication;
  private final Memberships memberships;
  private final Duration maxAge;
  private final ServerTokens tokens;
  private final Dispatcher dispatcher;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

  /**
   * Answers from now on.
   *
   * @param connection in the account that the server asks in
   * @param issuer the key that the server knows as {@code issuer}
   */
  public AuthCallout(Connection connection, Settings settings, NKey issuer) {
    this.connection = connection;
    this.authentication = Authentication.of(settings);
    this.memberships = new Memberships(connection);
    this.maxAge = settings.getDuration("principals.max-age");
    this.tokens =
        new ServerTokens(
            issuer, ACCOUNT, OutsideSubjects.of(settings.path("config/asyncapi.yaml")));
    this.dispatcher = connection.createDispatcher(this::take);
    dispatcher.subscribe(SUBJECT, "callout");
  }

  private void take(Message request) {
    workers.execute(
        () -> {
          try {
            String answer = answer(ConnectRequest.read(request.getData()));
            connection.publish(request.getReplyTo(), answer.getBytes(StandardCharsets.US_ASCII));
          } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // unanswered, it is refused
            LOG.warn("A login could not be answered", e);
          }
        });
  }

  private String answer(ConnectRequest request) throws IOException, GeneralSecurityException {
    try {
      Identity identity = identify(request);
      Duration left = left(identity);
      learn(identity);
      LOG.atInfo().addKeyValue("user_id", identity.userId()).log("let in");
      return tokens.admit(request, identity.userId(), left);
    } catch (RefusedCredentials | TurnException e) {
      LOG.atInfo()
          .addKeyValue("host", request.host())
          .addKeyValue("reason", e.getMessage())
          .log("not let in");
      return tokens.refuse(request, e.getMessage());
    }
  }

  private Identity identify(ConnectRequest request) {
    if (request.token().isEmpty()) {
      throw new RefusedCredentials("Connect with an API key or a token as password");
    }
    Identity identity = authentication.identify(request.token());
    request.require(identity.userId());
    if (!TurnOpening.isToken(identity.userId())) {
      throw new RefusedCredentials("Its user cannot be part of a subject");
    }
    return identity;
  }

  /** Notes its groups before the first request comes. */
  private void learn(Identity identity) {
    Instant now = Instant.now();
    List<String> groups = identity.groups().stream().sorted().toList();
    try {
      memberships.publish(
          Source.LEARNT, identity.userId(), new Membership(groups, now, now.plus(maxAge)));
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      LOG.warn("The groups of {} cannot be noted, so that older ones count", identity.userId(), e);
    }
  }

  /** Whole seconds, as the server counts. */
  private static Duration left(Identity identity) {
    Instant now = Instant.now();
    Instant end = now.plus(LONGEST);
    Duration left =
        Duration.between(now, identity.expires().isBefore(end) ? identity.expires() : end);
    if (left.toSeconds() < 1) {
      throw new RefusedCredentials("This token has expired");
    }
    return Duration.ofSeconds(left.toSeconds());
  }

  @Override
  public void close() {
    if (dispatcher.isActive()) {
      connection.closeDispatcher(dispatcher);
    }
    workers.shutdownNow();
  }
}
