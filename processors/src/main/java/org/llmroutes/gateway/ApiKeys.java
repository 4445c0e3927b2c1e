package org.llmroutes.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmroutes.config.YamlFile;
import org.llmroutes.turn.TurnOpening;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API keys from a YAML file that holds their hashes, as bearer tokens. The file is read again when
 * it changes, so that a key is added or revoked without a restart:
 *
 * <pre>{@code
 * keys:
 *   - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 *     user: ada
 *     groups: [staff]
 *     expires: 2027-01-01T00:00:00Z
 * }</pre>
 */
final class ApiKeys implements Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
  private static final String BEARER = "Bearer ";

  private final Path file;
  private volatile Loaded loaded;

  private record Key(Identity identity, Instant expires) {}

  private record Loaded(FileTime changed, Map<String, Key> byHash) {}

  /**
   * @throws IllegalArgumentException where the file cannot be read, or an entry is wrong
   */
  ApiKeys(Path file) {
    this.file = file;
    this.loaded = load(changed());
  }

  @Override
  public Optional<Identity> identify(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    Key key = current().byHash().get(hash(authorization.substring(BEARER.length()).strip()));
    if (key == null) {
      throw new HttpProblem(401, "unauthenticated", "This API key is not known", false);
    }
    if (key.expires() != null && Instant.now().isAfter(key.expires())) {
      throw new HttpProblem(401, "unauthenticated", "This API key has expired", false);
    }
    return Optional.of(key.identity());
  }

  /** A file that cannot be read at the moment takes nobody's access away. */
  private Loaded current() {
    try {
      FileTime changed = changed();
      if (!changed.equals(loaded.changed())) {
        loaded = load(changed);
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("The API keys are used as they were: {}", e.getMessage());
    }
    return loaded;
  }

  private FileTime changed() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("auth.keys-file cannot be read: " + file, e);
    }
  }

  private Loaded load(FileTime changed) {
    Map<String, Key> keys = new HashMap<>();
    int number = 0;
    for (JsonNode entry : YamlFile.read(file, file.toString()).path("keys")) {
      number++;
      String where = file + ": key " + number + ": ";
      String hash = entry.path("sha256").asText();
      String user = entry.path("user").asText();
      require(hash.matches("[0-9a-f]{64}"), where + "sha256 must be 64 digits of 0-9 a-f");
      require(TurnOpening.isToken(user), where + "user must be 1 to 128 of A-Z a-z 0-9 _ -");
      Set<String> groups = new HashSet<>();
      entry.path("groups").forEach(group -> groups.add(group.asText()));
      keys.put(hash, new Key(new Identity(user, Set.copyOf(groups)), expires(entry, where)));
    }
    return new Loaded(changed, Map.copyOf(keys));
  }

  private static Instant expires(JsonNode entry, String where) {
    if (!entry.hasNonNull("expires")) {
      return null;
    }
    try {
      return Instant.parse(entry.get("expires").asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          where + "expires must be a time like 2027-01-01T00:00:00Z", e);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  private static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
