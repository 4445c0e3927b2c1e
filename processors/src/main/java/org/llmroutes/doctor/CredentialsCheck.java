package org.llmroutes.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llmroutes.metrics.CredentialMeters;
import org.llmroutes.metrics.Expiry;

/** When certificates and tokens end that the environment names by their files. */
final class CredentialsCheck implements Check {
  private static final Duration SOON = Duration.ofDays(7);

  /** Of tokens, which are renewed while everything runs: as the alerts have it. */
  private static final Duration OVERDUE = Duration.ofMinutes(5);

  private static final Pattern RENEWED_BY_PEOPLE = Pattern.compile("nats-.+|.+-(ca|certificate)");
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

  private static Duration soon(String name) {
    return RENEWED_BY_PEOPLE.matcher(name).matches() ? SOON : OVERDUE;
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
    } else if (end.get().isBefore(Instant.now().plus(soon(name)))) {
      found.warning(name, "it ends at " + end.get(), RENEW.formatted(file));
    } else {
      found.well(name, "it ends at " + end.get());
    }
  }
}
