package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.Pipeline;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Triggers a pipeline. */
@Command(
    name = "run",
    description = "Run a pipeline of the catalogue and follow it to its end",
    mixinStandardHelpOptions = true,
    footer = "Ctrl-C cancels the run and waits for its end.")
final class PipelineRunCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration FIRST_STATUS_WITHIN = Duration.ofSeconds(60);
  private static final Duration CANCELLED_WITHIN = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "As pipeline list shows it")
  private String name;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "KEY=VALUE",
      description = "A parameter; JSON where it is not a text (repeatable)")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--engine", description = "argo, kubeflow or local, where there is a choice")
  private String engine;

  @Mixin private CallerOption who;

  @Option(
      names = "--request-id",
      converter = TokenConverter.class,
      description = "A random one by default; the same one again starts nothing anew")
  private String requestId = UUID.randomUUID().toString();

  @Option(names = "--detach", description = "Print the request id and leave the run alone")
  private boolean detach;

  @Option(names = "--json", description = "Print each status as a line of JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    Map<String, Object> fields = trigger(settings);
    try (Caller caller = who.connect(settings);
        StatusStream statuses = StatusStream.of(caller, requestId)) {
      fields.put("user_id", caller.user());
      byte[] trigger = new MsgpackCodec().encode(fields);
      publish(caller, trigger);
      if (detach) {
        System.out.println(requestId);
        return 0;
      }
      StatusPrinter printer = new StatusPrinter(System.out, json);
      System.err.println("Request " + requestId);
      try (CancelOnExit ignored = new CancelOnExit(caller, requestId, CANCELLED_WITHIN);
          Caller.Repetition ignoredToo = caller.againAfterOutage(caller.triggers(), trigger)) {
        return exitCode(statuses.follow(FIRST_STATUS_WITHIN, printer));
      } finally {
        printer.end();
      }
    }
  }

  private static void publish(Caller caller, byte[] trigger)
      throws IOException, JetStreamApiException {
    Span span = Tracing.receive(Span.Kind.PRODUCER, "publish AI_PIPELINE", name -> null);
    try {
      caller.connection().jetStream().publish(caller.triggers(), TraceHeaders.of(span), trigger);
    } finally {
      span.end();
    }
  }

  /** What a command ends with that has seen a run end. */
  static int exitCode(Map<String, Object> end) {
    return switch ((String) end.get("status")) {
      case "succeeded" -> 0;
      case "cancelled" -> 130;
      default -> 1;
    };
  }

  private Map<String, Object> trigger(Settings settings) {
    Optional<Pipeline> pipeline =
        Catalogue.load(settings, new Schemas(settings.path("config/schemas"))).find(name);
    Map<String, Object> values = new LinkedHashMap<>();
    parameters.forEach(
        (key, text) ->
            values.put(
                key, value(key, text, pipeline.map(known -> known.parameters().document()))));
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("request_id", requestId);
    trigger.put("pipeline", name);
    trigger.put("parameters", values);
    if (engine != null) {
      trigger.put("engine", engine);
    }
    return trigger;
  }

  /** A text where the catalogue says so, or does not know the parameter. */
  private Object value(String key, String text, Optional<JsonNode> schema) {
    JsonNode type = schema.map(s -> s.path("properties").path(key).path("type")).orElse(null);
    if (type == null || type.isMissingNode() || type.toString().contains("\"string\"")) {
      return text;
    }
    try {
      return JSON.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      throw new ParameterException(
          spec.commandLine(),
          "The parameter " + key + " must be " + type.toString().replace("\"", ""),
          e);
    }
  }
}
