package org.llmroutes.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.llmroutes.identity.ApiKey;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.KeyFile;

/** The file with the hashes of API keys. */
final class KeysCheck implements Check {
  private static final Duration SOON = Duration.ofDays(7);

  @Override
  public String part() {
    return "keys";
  }

  @Override
  public void look(Installation here, Findings found) throws IOException {
    if (!here.has("gateway") || !Authentication.takesKeys(here.settings())) {
      found.notUsed("", "AUTH_METHODS has no keys, or there is no gateway");
      return;
    }
    Path file = here.settings().path(here.settings().get("auth.keys-file"));
    List<ApiKey> keys;
    try {
      keys = new KeyFile(file).read();
    } catch (IllegalArgumentException e) {
      found.notWell("file", e.getMessage(), "AUTH_KEYS_FILE names the file; `keys add` makes one");
      return;
    }
    if (keys.isEmpty()) {
      found.warning("file", "there is no key in " + file, "`keys add` adds one");
      return;
    }
    ends(keys, file, found);
    if (isForAll(file)) {
      found.warning("access", "everybody on this machine can read " + file, "`chmod o-r` it");
    }
  }

  private static void ends(List<ApiKey> keys, Path file, Findings found) {
    Instant now = Instant.now();
    long ended = keys.stream().filter(key -> key.identity().expires().isBefore(now)).count();
    long ending =
        keys.stream().filter(key -> key.identity().expires().isBefore(now.plus(SOON))).count()
            - ended;
    String text =
        "%d keys in %s, %d ended, %d end within a week".formatted(keys.size(), file, ended, ending);
    if (ended + ending > 0) {
      found.warning("file", text, "`keys list` says whose; `keys add` makes new ones");
    } else {
      found.well("file", text);
    }
  }

  private static boolean isForAll(Path file) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getFileStore(file).supportsFileAttributeView("posix")
            ? Files.getPosixFilePermissions(file)
            : Set.of();
    return permissions.contains(PosixFilePermission.OTHERS_READ);
  }
}
