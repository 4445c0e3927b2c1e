package org.llmroutes.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmroutes.config.YamlFile;
import org.llmroutes.contract.Sha256;
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

  private final Path file;
  private volatile Loaded loaded;

  private record Loaded(FileTime changed, Map<String, Identity> byHash) {}

  /**
   * @throws IllegalArgumentException where the file cannot be read, or an entry is wrong
   */
  ApiKeys(Path file) {
    this.file = file;
    this.loaded = load(changed());
  }

  @Override
  public Optional<Identity> identify(String token) {
    Identity identity = current().byHash().get(Sha256.of(token));
    if (identity != null && !Instant.now().isBefore(identity.expires())) {
      throw new RefusedCredentials("This API key has expired");
    }
    return Optional.ofNullable(identity);
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
    Map<String, Identity> keys = new HashMap<>();
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
      keys.put(hash, new Identity(user, groups, expires(entry, where)));
    }
    return new Loaded(changed, Map.copyOf(keys));
  }

  private static Instant expires(JsonNode entry, String where) {
    if (!entry.hasNonNull("expires")) {
      return Instant.MAX;
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
}
