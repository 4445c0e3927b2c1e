package org.llmroutes.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command takes that asks, and how it asks. */
final class TurnOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private CallerOption who;

  @Option(
      names = "--session",
      converter = TokenConverter.class,
      description = "The conversation to go on with (default: a new one)")
  private String session = UUID.randomUUID().toString();

  @Option(
      names = "--collection",
      converter = CollectionConverter.class,
      description = "Milvus collection to search (default: documents)")
  private String collection;

  @Option(names = "--no-rag", description = "Answer without documents")
  private boolean noRag;

  @Option(
      names = "--timeout",
      description = "Seconds without a sign of life before giving up (default: ${DEFAULT-VALUE})")
  private int timeout = 120;

  /** Whether a value that was given can be; told as wrong use where not. */
  void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  void requirePatience() {
    require(timeout > 0, "--timeout must be above 0");
  }

  Caller connect() throws InterruptedException {
    return who.connect(Clients.settings());
  }

  /** A request with an id of its own, as far as these options say it. */
  Map<String, Object> request() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("request_id", UUID.randomUUID().toString());
    request.put("session_id", session);
    request.put("enable_rag", !noRag);
    if (collection != null) {
      request.put("collection", collection);
    }
    return request;
  }

  /** Asks, and cancels should the process end meanwhile; the final response. */
  Map<String, Object> ask(
      Caller caller,
      TurnClient client,
      Map<String, Object> request,
      Consumer<Map<String, Object>> onChunk)
      throws Exception {
    try (CancelOnExit ignored = new CancelOnExit(caller, (String) request.get("request_id"))) {
      return client.ask(request, Duration.ofSeconds(timeout), onChunk);
    }
  }

  /** What a command ends with that got this response. */
  static int exitCode(Map<String, Object> response) {
    return Boolean.TRUE.equals(response.get("success")) ? 0 : 1;
  }
}
