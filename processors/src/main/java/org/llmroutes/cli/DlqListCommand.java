package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.deadletters.DeadLetters;
import org.llmroutes.deadletters.Letter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One line a dead letter. */
@Command(
    name = "list",
    description = "List dead letters, newest last",
    mixinStandardHelpOptions = true)
final class DlqListCommand implements Callable<Integer> {
  @Mixin private LetterFilter filter;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The newest N at most (default: ${DEFAULT-VALUE})")
  private int limit = 50;

  @Option(names = "--json", description = "Print a JSON object a line")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    try (Connection connection = Clients.connect(Clients.settings())) {
      DeadLetters letters = new DeadLetters(connection);
      List<Long> numbers = letters.numbers(filter.selection(null));
      int older = Math.max(0, numbers.size() - Math.max(0, limit));
      print(letters, numbers.subList(older, numbers.size()));
      if (numbers.isEmpty() && !json) {
        System.out.println("No dead letters.");
      } else if (older > 0) {
        System.err.printf("%d older ones are not shown; --limit shows more%n", older);
      }
    }
    return 0;
  }

  private void print(DeadLetters letters, List<Long> numbers)
      throws IOException, JetStreamApiException, JsonProcessingException {
    Table table =
        new Table(
            "NUMBER", "WHEN", "FAMILY", "CODE", "DELIVERIES", "SUBJECT", "REQUEST_ID", "REASON");
    for (long number : numbers) {
      // it may have been deleted meanwhile
      Letter letter = letters.find(number).orElse(null);
      if (letter != null && json) {
        System.out.println(PrintableJson.line(LetterView.summary(letter)));
      } else if (letter != null) {
        table.add(LetterView.summary(letter).values());
      }
    }
    table.print(System.out, Terminal.width());
  }
}
