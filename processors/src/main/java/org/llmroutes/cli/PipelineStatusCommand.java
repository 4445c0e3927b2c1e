package org.llmroutes.cli;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmroutes.pipelines.PipelineRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a run is. */
@Command(
    name = "status",
    description = "Show the last status of a run",
    mixinStandardHelpOptions = true)
final class PipelineStatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "REQUEST_ID", description = "The request_id of its trigger")
  private String requestId;

  @Option(names = "--follow", description = "Show every status, to the end of the run")
  private boolean follow;

  @Option(names = "--json", description = "Print each status as a line of JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    StatusPrinter printer = new StatusPrinter(System.out, json);
    try (Connection connection = Clients.connect(Clients.settings())) {
      Optional<Map<String, Object>> last = new PipelineRuns(connection).status(requestId);
      if (last.isEmpty()) {
        System.err.println("No run of that request is known");
        return 1;
      } else if (!follow) {
        printer.accept(last.get());
        return 0;
      }
      try (StatusStream statuses = StatusStream.stored(connection, requestId)) {
        return PipelineRunCommand.exitCode(statuses.follow(Duration.ofSeconds(5), printer));
      }
    } finally {
      printer.end();
    }
  }
}
