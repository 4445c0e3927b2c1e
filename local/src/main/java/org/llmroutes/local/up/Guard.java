package org.llmroutes.local.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.llmroutes.local.ProductProcess;
import org.llmroutes.local.Project;
import org.llmroutes.local.oidc.LocalIssuer;

/**
 * What {@code ./dev up --secure} adds: an issuer to log in with, API keys, and the keys of a
 * guarded NATS server. Secrets stay in {@code .dev/secure}, which nobody but its owner reads.
 */
final class Guard implements AutoCloseable {
  private static final int PORT = 8089;
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final Path folder = Project.root().resolve(".dev/secure");
  private final String secret;
  private final String sessions;
  private final LocalIssuer issuer;

  Guard() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    secret = kept("login-client-secret", UUID.randomUUID().toString());
    sessions = kept("login-secret", UUID.randomUUID().toString());
    kept("keys.yaml", "keys: []\n");
    issuer = new LocalIssuer(PORT, folder, secret, TOKEN_LIFETIME);
  }

  /** What a file holds, which is made where it is missing. */
  private String kept(String name, String fresh) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, fresh, StandardOpenOption.WRITE);
    }
    return Files.readString(file);
  }

  String url() {
    return issuer.url();
  }

  /** Settings of everything that runs here, none of them a secret. */
  Map<String, String> settings() {
    return Map.of(
        "AUTH_METHODS",
        "keys,oidc",
        "AUTH_KEYS_FILE",
        folder.resolve("keys.yaml").toString(),
        "AUTH_OIDC_ISSUER",
        issuer.url(),
        "AUTH_OIDC_AUDIENCE",
        LocalIssuer.AUDIENCE,
        "AUTH_LOGIN_CLIENT_ID",
        LocalIssuer.WEB_CLIENT);
  }

  /** What the routes and operators have besides. */
  Map<String, String> operator() {
    return Map.of(
        "NATS_NKEY_FILE",
        folder.resolve("routes.nk").toString(),
        "AUTH_LOGIN_CLIENT_SECRET",
        secret,
        "AUTH_LOGIN_SECRET",
        sessions);
  }

  /** What the callout has besides. */
  Map<String, String> callout() {
    return Map.of(
        "NATS_NKEY_FILE", folder.resolve("callout.nk").toString(),
        "NATS_CALLOUT_ISSUER_FILE", folder.resolve("issuer.nk").toString());
  }

  /** The public keys of the NATS server; the others are made where they are missing. */
  Map<String, String> publicKeys(ProductProcess product) throws IOException, InterruptedException {
    Path told = folder.resolve("public-keys");
    Files.deleteIfExists(told);
    product.run(told, "callout", "--make-keys", folder.toString());
    return Files.readAllLines(told).stream()
        .filter(line -> line.matches("[A-Z_]+=[A-Z0-9]+"))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Override
  public void close() {
    issuer.close();
  }
}
