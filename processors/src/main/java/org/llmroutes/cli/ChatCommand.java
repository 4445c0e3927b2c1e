package org.llmroutes.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One turn, or a conversation, over NATS. */
@Command(
    description = "Ask a question and watch the answer arrive; without one, hold a conversation",
    mixinStandardHelpOptions = true,
    footer = "Ctrl-C cancels the turn in work.")
final class ChatCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(arity = "0..*", paramLabel = "QUESTION", description = "What to ask")
  private List<String> words = List.of();

  @Mixin private TurnOptions turn;

  @Option(names = "--top-k", description = "Sources at most")
  private Integer topK;

  @Option(names = "--no-stream", description = "Print the answer when it is complete")
  private boolean noStream;

  @Option(names = "--json", description = "Print the response as JSON")
  private boolean json;

  @Option(names = "--stats", description = "Print what each step took")
  private boolean stats;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    turn.require(words.isEmpty() || !String.join("", words).isBlank(), "The QUESTION is empty");
    turn.require(topK == null || topK > 0 && topK <= 50, "--top-k must be 1 to 50");
    turn.requirePatience();
    try (Caller caller = turn.connect();
        TurnClient client = TurnClient.ofChat(caller)) {
      return words.isEmpty()
          ? converse(caller, client)
          : turn(caller, client, String.join(" ", words));
    }
  }

  private int converse(Caller caller, TurnClient client) throws Exception {
    boolean prompt = Terminal.isAttached();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (true) {
      if (prompt) {
        out.print("> ");
        out.flush();
      }
      String line = lines.readLine();
      if (line == null) {
        return 0;
      }
      if (!line.isBlank()) {
        turn(caller, client, line.strip());
      }
    }
  }

  private int turn(Caller caller, TurnClient client, String question) throws Exception {
    TokenPrinter printer = new TokenPrinter(json ? null : out);
    Map<String, Object> request = request(question);
    Map<String, Object> response = turn.ask(caller, client, request, printer);
    if (json) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(response));
    } else {
      printer.finish((String) response.get("response"));
      ResponsePrinter.print(response, out);
      if (stats) {
        out.println(JSON.writeValueAsString(response.get("timings_ms")));
      }
    }
    return TurnOptions.exitCode(response);
  }

  private Map<String, Object> request(String question) {
    Map<String, Object> request = turn.request();
    request.put("message", question);
    request.put("enable_streaming", !noStream && !json);
    if (topK != null) {
      request.put("top_k", topK);
    }
    return request;
  }
}
