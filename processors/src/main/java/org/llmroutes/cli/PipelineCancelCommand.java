package org.llmroutes.cli;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.llmroutes.nats.CancelMessage;
import org.llmroutes.pipelines.PipelineRuns;
import org.llmroutes.turn.TurnOpening;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stops a run and says what has become of it. */
@Command(
    name = "cancel",
    description = "Stop a run: at once where it is in work, when its turn comes where it waits",
    mixinStandardHelpOptions = true)
final class PipelineCancelCommand implements Callable<Integer> {
  private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled", "rejected");
  private static final Duration LOOK = Duration.ofMillis(200);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "REQUEST_ID", description = "The request_id of its trigger")
  private String requestId;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long to wait for its end (default: ${DEFAULT-VALUE})")
  private int wait = 5;

  @Override
  public Integer call() throws Exception {
    if (!TurnOpening.isToken(requestId)) {
      throw new ParameterException(
          spec.commandLine(), "A REQUEST_ID is 1 to 128 of A-Z a-z 0-9 _ -");
    }
    try (Connection connection = Clients.connect(Clients.settings())) {
      PipelineRuns runs = new PipelineRuns(connection);
      Optional<Map<String, Object>> before = runs.status(requestId);
      if (before.isPresent() && isEnded(before.get())) {
        System.out.println(run(before.get()) + " has already " + ended(before.get()));
        return 0;
      }
      CancelMessage.publish(connection, "ai.cancel." + requestId, new byte[0]);
      connection.flush(Duration.ofSeconds(5));
      if (before.isEmpty()) {
        System.out.println(
            "No run of "
                + requestId
                + " is known; if its trigger is still to come, nothing is started");
        return 1;
      }
      Map<String, Object> now = awaitEnd(runs, before.get());
      System.out.println(
          isEnded(now)
              ? run(now) + " has " + ended(now)
              : run(now)
                  + " is asked to stop and has not stopped yet; see pipeline status --follow "
                  + requestId);
      return 0;
    }
  }

  private Map<String, Object> awaitEnd(PipelineRuns runs, Map<String, Object> before)
      throws IOException, JetStreamApiException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
    Map<String, Object> now = before;
    while (!isEnded(now) && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      now = runs.status(requestId).orElse(now);
    }
    return now;
  }

  private static boolean isEnded(Map<String, Object> status) {
    return FINAL.contains(status.get("status"));
  }

  private static String ended(Map<String, Object> status) {
    Object message = status.get("message");
    String how =
        switch ((String) status.get("status")) {
          case "cancelled" -> "stopped";
          case "rejected" -> "been rejected";
          default -> (String) status.get("status");
        };
    return how + (message == null ? "" : ": " + Printable.line(message.toString()));
  }

  /** Where it runs and under which name, as far as it does. */
  private String run(Map<String, Object> status) {
    Object id = status.get("run_id");
    return id == null
        ? "The run of " + requestId
        : "The run %s on %s".formatted(id, status.get("engine"));
  }
}
