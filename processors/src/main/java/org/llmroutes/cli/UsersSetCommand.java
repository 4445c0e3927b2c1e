package org.llmroutes.cli;

import io.nats.client.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.config.Durations;
import org.llmroutes.identity.Membership;
import org.llmroutes.identity.Memberships;
import org.llmroutes.identity.Memberships.Source;
import org.llmroutes.identity.Principal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Puts a user into groups. */
@Command(
    name = "set",
    description = "Put a user into these groups, and no others that were set before",
    mixinStandardHelpOptions = true)
final class UsersSetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "USER", converter = TokenConverter.class, description = "The user")
  private String user;

  @Option(
      names = "--groups",
      required = true,
      paramLabel = "GROUPS",
      description = "Names of groups, separated by commas")
  private String groups;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long that counts, such as 30d (default: until the user is removed)")
  private Duration duration;

  @Override
  public Integer call() throws Exception {
    List<String> names =
        Arrays.stream(groups.split(",", -1)).map(String::strip).distinct().toList();
    for (String name : names) {
      if (Principal.group(name).isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "A group has 1 to 128 characters and no control characters, not \""
                + Printable.line(name)
                + "\"");
      }
    }
    Instant now = Instant.now();
    Instant until = duration == null ? null : now.plus(duration);
    try (Connection connection = Clients.connect(Clients.settings())) {
      new Memberships(connection).put(Source.SET, user, new Membership(names, now, until));
    }
    System.out.printf(
        "%s is in %s%s%n",
        user,
        Printable.line(String.join(", ", names)),
        until == null ? "" : " until " + UsersListCommand.shown(until));
    return 0;
  }

  private static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
