package org.llmroutes.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.contract.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API keys of a {@link KeyFile} as bearer tokens. The file is read again when it changes, so that a
 * key is added or revoked without a restart.
 */
final class ApiKeys implements Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

  private final KeyFile file;
  private volatile Loaded loaded;

  private record Loaded(FileTime changed, Map<String, Identity> byHash) {}

  /**
   * @throws IllegalArgumentException where the file cannot be read, or an entry is wrong
   */
  ApiKeys(Path file) {
    this.file = new KeyFile(file);
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

  @Override
  public String checkedBy() {
    return "api-keys";
  }

  /** Keys that have ended are nobody's any more. */
  @Override
  public Optional<Instant> ends() {
    Instant now = Instant.now();
    return current().byHash().values().stream()
        .map(Identity::expires)
        .filter(end -> end.isAfter(now) && end.isBefore(Instant.MAX))
        .min(Instant::compareTo);
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
      return Files.getLastModifiedTime(file.path());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "auth.keys-file cannot be read: " + file.path() + "; ./dev keys add makes one", e);
    }
  }

  private Loaded load(FileTime changed) {
    Map<String, Identity> keys = new HashMap<>();
    file.read().forEach(key -> keys.put(key.sha256(), key.identity()));
    return new Loaded(changed, Map.copyOf(keys));
  }
}
