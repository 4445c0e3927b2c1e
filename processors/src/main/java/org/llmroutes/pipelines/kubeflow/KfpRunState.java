package org.llmroutes.pipelines.kubeflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.llmroutes.pipelines.RunMessage;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

/** Reads the state of a run off what Kubeflow Pipelines says of it. */
final class KfpRunState {
  private static final Set<String> DONE = Set.of("SUCCEEDED", "SKIPPED");

  private KfpRunState() {}

  static RunState of(JsonNode run) {
    Phase phase = phase(run);
    List<JsonNode> tasks = tasks(run);
    long done = tasks.stream().filter(task -> DONE.contains(state(task))).count();
    return new RunState(
        phase,
        RunMessage.of(
            phase == Phase.FAILED ? cause(run, tasks) : run.at("/error/message").asText()),
        tasks.isEmpty() ? "" : done + "/" + tasks.size());
  }

  private static Phase phase(JsonNode run) {
    return switch (state(run)) {
      case "RUNNING", "PAUSED", "CANCELING" -> Phase.RUNNING;
      case "SUCCEEDED", "SKIPPED" -> Phase.SUCCEEDED;
      case "CANCELED" -> Phase.STOPPED;
      // one that was terminated ends as failed
      case "FAILED" ->
          stream(run.path("state_history")).anyMatch(past -> "CANCELING".equals(state(past)))
              ? Phase.STOPPED
              : Phase.FAILED;
      default -> Phase.PENDING;
    };
  }

  /**
   * The tasks of the pipeline: those that have a driver, save the pipeline itself. The server also
   * lists drivers, executors and executions without a name.
   */
  private static List<JsonNode> tasks(JsonNode run) {
    JsonNode details = run.at("/run_details/task_details");
    Set<String> names = stream(details).map(KfpRunState::name).collect(Collectors.toSet());
    return stream(details)
        .filter(task -> names.contains(name(task) + "-driver") && !"root".equals(name(task)))
        .toList();
  }

  /** The task that failed first, since the run itself does not say why. */
  private static String cause(JsonNode run, List<JsonNode> tasks) {
    return tasks.stream()
        .filter(task -> "FAILED".equals(state(task)))
        // RFC 3339 in UTC: in the order of text
        .min(Comparator.comparing(task -> task.path("end_time").asText()))
        .map(task -> name(task) + " failed" + reason(task))
        .orElse(run.at("/error/message").asText());
  }

  private static String reason(JsonNode task) {
    String message = task.at("/error/message").asText();
    return message.isEmpty() ? "" : ": " + message;
  }

  private static String name(JsonNode task) {
    return task.path("display_name").asText();
  }

  private static String state(JsonNode node) {
    return node.path("state").asText();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
