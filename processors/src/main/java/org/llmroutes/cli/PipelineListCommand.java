package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Schemas;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.Pipeline;
import org.llmroutes.pipelines.PipelineRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What can run, and what does. */
@Command(
    name = "list",
    description = "List the pipelines of the catalogue with their parameters, or runs",
    mixinStandardHelpOptions = true)
final class PipelineListCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("timestamp", "request_id", "pipeline", "engine", "status", "progress", "message");

  @Option(names = "--runs", description = "List runs that are open and that ended last instead")
  private boolean runs;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Of runs that ended, the last N at most (default: ${DEFAULT-VALUE})")
  private int limit = 20;

  @Option(names = "--json", description = "Of each run, print the last status as a line of JSON")
  private boolean json;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    if (runs) {
      try (Connection connection = Clients.connect(settings)) {
        print(new PipelineRuns(connection).newest(Math.max(0, limit)));
      }
    } else {
      Catalogue.load(settings, new Schemas(settings.path("config/schemas")))
          .all()
          .forEach(this::print);
    }
    return 0;
  }

  private void print(List<Map<String, Object>> statuses) throws JsonProcessingException {
    Table table =
        new Table(
            COLUMNS.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
    for (Map<String, Object> status : statuses) {
      if (json) {
        out.println(PrintableJson.line(status));
      } else {
        table.add(COLUMNS.stream().map(status::get).map(PipelineListCommand::text).toList());
      }
    }
    table.print(out, Terminal.width());
    if (statuses.isEmpty() && !json) {
      out.println("No runs.");
    }
  }

  private static Object text(Object value) {
    return value == null ? "" : value;
  }

  private void print(Pipeline pipeline) {
    out.println(pipeline.name() + "  " + pipeline.description());
    out.println("  engines: " + String.join(", ", pipeline.engines().keySet()));
    JsonNode schema = pipeline.parameters().document();
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> parameter : schema.path("properties").properties()) {
      JsonNode value = parameter.getValue();
      String given =
          required.contains(parameter.getKey())
              ? "required"
              : value.has("default") ? "default " + value.get("default") : "";
      String traits =
          Stream.of(value.path("type").asText(), given)
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining(", "));
      out.printf(
          "  -p %s=…  (%s)  %s%n", parameter.getKey(), traits, value.path("description").asText());
    }
    out.println();
  }
}
