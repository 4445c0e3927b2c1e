package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.Project;
import org.llmroutes.testing.Refused;

/** A server that knows users by the JWTs of an operator, as credentials files have them. */
class CredentialsFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private static final class JwtServer extends LocalServer {
    private final NKey operator = NKey.createOperator(RANDOM);
    private final NKey account = NKey.createAccount(RANDOM);

    JwtServer(Path data) throws IOException, GeneralSecurityException {
      super("nats-server", data, 0);
    }

    @Override
    protected List<String> command() throws IOException {
      Path config = data().resolve("nats.conf");
      try {
        String limits =
            "{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"conn\":-1,\"leaf\":-1}";
        Files.writeString(
            config,
            """
            listen: 127.0.0.1:%d
            operator: %s
            resolver: MEMORY
            resolver_preload: {%s: %s}
            """
                .formatted(
                    port(),
                    token(operator, operator, "{\"type\":\"operator\",\"version\":2}"),
                    publicKey(account),
                    token(
                        operator,
                        account,
                        "{\"type\":\"account\",\"version\":2,\"limits\":" + limits + "}")));
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
      return List.of(Project.installed("bin/nats-server").toString(), "-c", config.toString());
    }

    /**
     * What a credentials file of a new user holds.
     *
     * @param denied what it may not subscribe to
     */
    String credentials(String denied) throws IOException, GeneralSecurityException {
      NKey user = NKey.createUser(RANDOM);
      String claims =
          "{\"type\":\"user\",\"version\":2,\"sub\":{\"deny\":[\"%s\"]},\"subs\":-1,\"data\":-1,\"payload\":-1}"
              .formatted(denied);
      return """
          -----BEGIN NATS USER JWT-----
          %s
          ------END NATS USER JWT------

          -----BEGIN USER NKEY SEED-----
          %s
          ------END USER NKEY SEED------
          """
          .formatted(token(account, user, claims), new String(user.getSeed()));
    }

    private static String token(NKey issuer, NKey subject, String claims)
        throws IOException, GeneralSecurityException {
      return JwtUtils.issueJWT(
          issuer,
          publicKey(subject),
          "of the test",
          null,
          Instant.now().getEpochSecond(),
          publicKey(issuer),
          () -> claims);
    }

    private static String publicKey(NKey key) throws IOException, GeneralSecurityException {
      return new String(key.getPublicKey());
    }

    String url() {
      return "nats://127.0.0.1:" + port();
    }
  }

  @Test
  void isReadAgainAtEachConnect() throws Exception {
    Path file = folder.resolve("routes.creds");
    try (JwtServer server = new JwtServer(folder.resolve("nats"))) {
      server.start();
      Files.writeString(file, server.credentials("ai.former"));
      try (Connection role =
          NatsConnections.connectEventually(
              server.url(), Map.of("NATS_CREDS_FILE", file.toString()))) {
        role.flush(Duration.ofSeconds(10));
        // another user than before, so that what it may not do tells who it is
        Files.writeString(file, server.credentials("ai.rotated"));

        Refused.awaitAfterReconnect(role, "ai.rotated");
      }
    }
  }
}
