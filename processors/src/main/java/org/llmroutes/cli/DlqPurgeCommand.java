package org.llmroutes.cli;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.config.Durations;
import org.llmroutes.deadletters.DeadLetters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Dead letters away. */
@Command(name = "purge", description = "Delete dead letters", mixinStandardHelpOptions = true)
final class DlqPurgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ChosenLetters chosen;

  @Option(names = "--yes", description = "Do not ask before --all")
  private boolean yes;

  private Duration olderThan;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      description = "Only those older than, for instance, 36h or 7d")
  void olderThan(String text) {
    try {
      olderThan = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--older-than " + e.getMessage(), e);
    }
  }

  @Override
  public Integer call() throws Exception {
    chosen.validate(olderThan != null);
    if (chosen.all() && !yes && !Terminal.isAttached()) {
      throw new ParameterException(
          spec.commandLine(), "--all needs --yes where there is nobody to ask");
    }
    try (Connection connection = Clients.connect(Clients.settings())) {
      DeadLetters letters = new DeadLetters(connection);
      Instant before = olderThan == null ? null : Instant.now().minus(olderThan);
      List<Long> numbers = chosen.of(letters, before);
      if (chosen.all() && !yes && !numbers.isEmpty() && !confirmed(numbers.size())) {
        System.out.println("None deleted");
        return 1;
      }
      return delete(letters, numbers);
    }
  }

  private static boolean confirmed(int count) {
    String answer = System.console().readLine("Delete %d dead letters? [y/N] ", count);
    return answer != null && "y".equalsIgnoreCase(answer.strip());
  }

  private static int delete(DeadLetters letters, List<Long> numbers)
      throws IOException, JetStreamApiException {
    int deleted = 0;
    for (long number : numbers) {
      if (letters.delete(number)) {
        deleted++;
      } else {
        System.err.println("There is no dead letter " + number);
      }
    }
    System.out.printf("Dead letters: %d deleted%n", deleted);
    return deleted == numbers.size() ? 0 : 1;
  }
}
