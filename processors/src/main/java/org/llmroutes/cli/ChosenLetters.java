package org.llmroutes.cli;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.llmroutes.deadletters.DeadLetters;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The dead letters that a command changes: numbers, or all that a filter leaves. */
final class ChosenLetters {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "NUMBER", description = "As list shows it")
  private List<Long> numbers = List.of();

  @Option(names = "--all", description = "All of them, or all that the other options leave")
  private boolean all;

  @Mixin private LetterFilter filter;

  boolean all() {
    return all;
  }

  /**
   * @param before with {@code --all}: only letters stored before then, or null for any time
   */
  List<Long> of(DeadLetters letters, Instant before)
      throws IOException, JetStreamApiException, InterruptedException {
    return all ? letters.numbers(filter.selection(before)) : numbers;
  }

  /**
   * @param filtered whether the command's own filters are used
   */
  void validate(boolean filtered) {
    if (all != numbers.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Say either the NUMBERs or --all");
    } else if (!all && (filtered || filter.isGiven())) {
      throw new ParameterException(spec.commandLine(), "Filters go with --all");
    }
  }
}
