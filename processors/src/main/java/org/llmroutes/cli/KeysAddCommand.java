package org.llmroutes.cli;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.llmroutes.config.Durations;
import org.llmroutes.contract.Sha256;
import org.llmroutes.identity.ApiKey;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.KeyFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes an API key, and shows it this once. */
@Command(
    name = "add",
    description = {
      "Make an API key and print it, this once: only its hash is kept.",
      "Standard output has the key alone, so that KEY=$(./dev keys add --user ada) works."
    },
    mixinStandardHelpOptions = true)
final class KeysAddCommand implements Callable<Integer> {
  private static final String PREFIX = "lrk_";
  private static final int BYTES = 32;

  @Spec private CommandSpec spec;

  @Option(
      names = "--user",
      required = true,
      converter = TokenConverter.class,
      description = "Whose requests those with this key are")
  private String user;

  @Option(
      names = "--groups",
      split = ",",
      paramLabel = "GROUP",
      description = "Groups of the user, with commas; they decide which documents are found")
  private List<String> groups = List.of();

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description =
          "After how long it ends, for instance 90d, or at what time: 2027-01-31 or 2027-01-31T12:00:00Z; never by default")
  private String expires;

  @Option(
      names = "--forwards-users",
      description =
          "For a web application such as Open WebUI alone: it says whom it asks for, in headers")
  private boolean forwardsUsers;

  @Override
  public Integer call() throws Exception {
    if (groups.stream().anyMatch(String::isBlank)) {
      throw new ParameterException(spec.commandLine(), "--groups: a name is empty");
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Set<String> names = Set.copyOf(groups.stream().map(String::strip).toList());
    ApiKey key = new ApiKey(Sha256.of(secret), new Identity(user, names, end(), forwardsUsers));
    KeyFile file = KeysCommand.file();
    List<ApiKey> keys = new ArrayList<>(Files.exists(file.path()) ? file.read() : List.of());
    keys.add(key);
    file.write(keys);
    System.out.println(secret);
    System.err.printf(
        "Key %s of %s; it is not shown again. Its hash is in %s%n", key.id(), user, file.path());
    return CommandLine.ExitCode.OK;
  }

  private Instant end() {
    if (expires == null) {
      return Instant.MAX;
    }
    Instant end = parsed();
    if (!end.isAfter(Instant.now())) {
      throw new ParameterException(spec.commandLine(), "--expires is over: " + expires);
    }
    return end;
  }

  private Instant parsed() {
    try {
      return Instant.now().plus(Durations.parse(expires));
    } catch (IllegalArgumentException noDuration) {
      try {
        return expires.contains("T")
            ? Instant.parse(expires)
            : LocalDate.parse(expires).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw new ParameterException(
            spec.commandLine(),
            "--expires must be like 90d, 2027-01-31 or 2027-01-31T12:00:00Z, is " + expires,
            e);
      }
    }
  }
}
