package org.llmroutes.cli;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmroutes.deadletters.DeadLetters;
import org.llmroutes.deadletters.Letter;
import org.llmroutes.deadletters.Replay;
import org.llmroutes.errors.TurnException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Failed requests into work again. */
@Command(
    name = "replay",
    description =
        "Send the requests of dead letters again as new work, and delete the letters; a request that fails again leaves a new one",
    mixinStandardHelpOptions = true)
final class DlqReplayCommand implements Callable<Integer> {
  @Mixin private ChosenLetters chosen;

  @Option(
      names = "--force",
      description =
          "Also what has been answered since, or cannot be decoded; never another user's or what is in work")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    chosen.validate(false);
    try (Connection connection = Clients.connect(Clients.settings())) {
      DeadLetters letters = new DeadLetters(connection);
      Replay replay = new Replay(connection, letters);
      List<Long> numbers = chosen.of(letters, null);
      int replayed = 0;
      for (int i = 0; i < numbers.size(); i++) {
        if (replay(letters, replay, numbers.get(i), (i + 1) + "/" + numbers.size())) {
          replayed++;
        }
      }
      int left = numbers.size() - replayed;
      System.out.printf("Dead letters: %d replayed, %d not%n", replayed, left);
      return left == 0 ? 0 : 1;
    }
  }

  private boolean replay(DeadLetters letters, Replay replay, long number, String progress)
      throws IOException {
    try {
      Optional<Letter> letter = letters.find(number);
      if (letter.isPresent()) {
        replay.replay(letter.get(), force);
        System.out.printf("%s Dead letter %d replayed%n", progress, number);
        return true;
      }
      System.err.printf("%s There is no dead letter %d%n", progress, number);
    } catch (TurnException | JetStreamApiException e) {
      System.err.printf(
          "%s Dead letter %d stays: %s%n", progress, number, Printable.line(e.getMessage()));
    }
    return false;
  }
}
