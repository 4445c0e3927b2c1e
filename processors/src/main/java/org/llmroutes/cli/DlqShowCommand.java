package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nats.client.Connection;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.deadletters.DeadLetters;
import org.llmroutes.deadletters.Letter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One dead letter, whole. */
@Command(
    name = "show",
    description = "Show a dead letter: its headers, and the request as far as it can be decoded",
    mixinStandardHelpOptions = true)
final class DlqShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NUMBER", description = "As list shows it")
  private long number;

  @Option(names = "--json", description = "Print JSON")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the bytes of the request to a file, and show nothing")
  private Path file;

  @Override
  public Integer call() throws Exception {
    try (Connection connection = Clients.connect(Clients.settings())) {
      Letter letter =
          new DeadLetters(connection)
              .find(number)
              .orElseThrow(() -> new CommandFailure("There is no dead letter " + number, null));
      if (file != null) {
        Files.write(file, letter.payload());
        System.out.printf("%d bytes written to %s%n", letter.payload().length, file);
      } else if (json) {
        System.out.println(PrintableJson.lines(LetterView.whole(letter)));
      } else {
        print(System.out, letter);
      }
    }
    return 0;
  }

  private static void print(PrintStream out, Letter letter) throws JsonProcessingException {
    Map<String, Object> whole = LetterView.whole(letter);
    out.printf(
        "Dead letter %d of %s, %s%n",
        letter.number(), Printable.line(letter.family()), whole.get("time"));
    letter
        .headers()
        .forEach(
            (name, values) ->
                out.println(Printable.line("  " + name + ": " + String.join(", ", values))));
    out.printf("Request of %d bytes", letter.payload().length);
    if (whole.containsKey("payload")) {
      out.printf(":%n%s%n", PrintableJson.lines(whole.get("payload")));
    } else {
      out.printf(", not readable: %s%n", whole.get("payload_error"));
      byte[] first = HexFormat.of().parseHex((String) whole.get("payload_hex"));
      for (int at = 0; at < first.length; at += 16) {
        out.println("  " + hex(first, at, Math.min(at + 16, first.length)));
      }
    }
  }

  /** Offset, bytes, and those of them that are ASCII. */
  private static String hex(byte[] bytes, int from, int to) {
    StringBuilder ascii = new StringBuilder();
    for (int i = from; i < to; i++) {
      ascii.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return "%04x  %-48s %s"
        .formatted(from, HexFormat.ofDelimiter(" ").formatHex(bytes, from, to), ascii);
  }
}
