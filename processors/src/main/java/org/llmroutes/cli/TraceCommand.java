package org.llmroutes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.platform.ServerAddress;
import org.llmroutes.turn.TurnOpening;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a request was doing, and for how long. */
@Command(
    description = {
      "Show what was done for a request as a tree with times, from the newest spans that the routes keep.",
      "",
      "Spans are there with TELEMETRY_LOCAL=true, as ./dev up --observe sets it, or where a variable of OpenTelemetry names a"
          + " collector. Without them the times of the steps are shown that the response has."
    },
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int FORBIDDEN = 403;

  @Parameters(paramLabel = "REQUEST_ID", description = "As responses and log lines have it")
  private String requestId;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description =
          "Where health and metrics of an instance are; once for each instance. Default: that of LLM_ROUTES_PORT on this machine")
  private List<String> instances = new ArrayList<>();

  @Option(names = "--json", description = "Print the spans as JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (!TurnOpening.isToken(requestId)) {
      throw new CommandFailure("A request id is 1 to 128 of A-Z a-z 0-9 _ -", null);
    }
    Settings settings = Clients.settings();
    if (instances.isEmpty()) {
      instances.add("http://127.0.0.1:" + ServerAddress.ofHealth(settings.environment()).port());
    }
    List<JsonNode> spans = new ArrayList<>();
    for (String instance : instances) {
      spans(instance).forEach(spans::add);
    }
    if (json) {
      System.out.println(PrintableJson.lines(spans));
    } else if (spans.isEmpty()) {
      printTimings(settings);
    } else {
      new TraceTree(spans).print(System.out);
    }
    return 0;
  }

  private Iterable<JsonNode> spans(String instance) throws InterruptedException {
    URI uri = URI.create(instance.replaceAll("/+$", "") + "/observe/traces/" + requestId);
    HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == FORBIDDEN) {
        throw new CommandFailure(
            instance
                + " shows traces on its own machine only; kubectl port-forward reaches it in a pod",
            null);
      }
      return response.statusCode() == 200
          ? new ObjectMapper().readTree(response.body()).path("spans")
          : List.of();
    } catch (IOException e) {
      throw new CommandFailure("The routes do not answer at " + instance, e);
    }
  }

  private void printTimings(Settings settings)
      throws IOException, JetStreamApiException, InterruptedException {
    try (Connection connection = Clients.connect(settings)) {
      Map<String, Object> response =
          response(connection)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "Nothing is known of "
                              + requestId
                              + ": the routes keep no span of it, and NATS no response",
                          null));
      System.out.println(
          "No spans of it are kept (./dev up --observe keeps them). Its response says, in milliseconds:");
      if (response.get("timings_ms") instanceof Map<?, ?> timings) {
        timings.forEach((step, millis) -> System.out.printf("%8s  %s%n", millis, step));
      }
    }
  }

  private Optional<Map<String, Object>> response(Connection connection)
      throws IOException, JetStreamApiException {
    for (String family : List.of("chat", "voice")) {
      Optional<MessageInfo> stored =
          StoredMessages.find(
              () ->
                  connection
                      .jetStreamManagement()
                      .getLastMessage("AI_RESPONSES", "ai." + family + ".response." + requestId));
      if (stored.isPresent()) {
        return stored.map(message -> new MsgpackCodec().decodeMap(message.getData()));
      }
    }
    return Optional.empty();
  }
}
