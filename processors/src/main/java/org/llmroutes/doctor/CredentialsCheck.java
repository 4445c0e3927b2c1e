package org.llmroutes.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.metrics.CredentialMeters;
import org.llmroutes.metrics.Expiry;

/** When certificates and tokens end that the environment names by their files. */
final class CredentialsCheck implements Check {
  private static final Duration SOON = Duration.ofDays(7);
  private static final String RENEW = "put a new one into %s; it is read again";

  @Override
  public String part() {
    return "credentials";
  }

  @Override
  public void look(Installation here, Findings found) {
    Map<String, Path> files = CredentialMeters.files(here.settings().environment());
    if (files.isEmpty()) {
      found.notUsed("", "the environment names no file with one");
    }
    files.forEach((name, file) -> look(name, file, found));
  }

  private static void look(String name, Path file, Findings found) {
    Optional<Instant> end;
    try {
      end = Expiry.of(Files.readString(file));
    } catch (IOException e) {
      found.notWell(
          name, file + " cannot be read", "mount it readable for this user, or name another one");
      return;
    }
    if (end.isEmpty()) {
      found.well(name, file + " does not say when it ends");
    } else if (end.get().isBefore(Instant.now())) {
      found.notWell(name, "it ended at " + end.get(), RENEW.formatted(file));
    } else if (end.get().isBefore(Instant.now().plus(SOON))) {
      found.warning(name, "it ends at " + end.get(), RENEW.formatted(file));
    } else {
      found.well(name, "it ends at " + end.get());
    }
  }
}
