package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import org.llmroutes.pipelines.RunMessage;
import org.llmroutes.pipelines.RunState;
import org.llmroutes.pipelines.RunState.Phase;

/**
 * Reads the state of a run off its Workflow.
 *
 * @see <a href="https://argo-workflows.readthedocs.io/en/latest/fields/#workflowstatus">
 *     WorkflowStatus</a>
 */
final class WorkflowState {
  /** What Argo says of a Workflow or a node that failed because of another node. */
  private static final Pattern NOT_THE_CAUSE =
      Pattern.compile("|child '.*' failed|No more retries left|step group deemed .*");

  private WorkflowState() {}

  static RunState of(GenericKubernetesResource workflow) {
    String message = text(workflow.get("status", "message"));
    Phase phase = phase(workflow);
    if (phase == Phase.FAILED && NOT_THE_CAUSE.matcher(message).matches()) {
      message = cause(workflow, message);
    }
    return new RunState(phase, RunMessage.of(message), text(workflow.get("status", "progress")));
  }

  private static Phase phase(GenericKubernetesResource workflow) {
    return switch (text(workflow.get("status", "phase"))) {
      case "Running" -> Phase.RUNNING;
      case "Succeeded" -> Phase.SUCCEEDED;
      // spec.shutdown is Stop or Terminate
      case "Failed", "Error" ->
          text(workflow.get("spec", "shutdown")).isEmpty() ? Phase.FAILED : Phase.STOPPED;
      default -> Phase.PENDING;
    };
  }

  /** The node that failed first, and why. */
  private static String cause(GenericKubernetesResource workflow, String otherwise) {
    Map<String, Map<String, Object>> nodes = workflow.get("status", "nodes");
    if (nodes == null) {
      return otherwise;
    }
    return nodes.values().stream()
        .filter(node -> text(node.get("phase")).matches("Failed|Error"))
        .filter(node -> !NOT_THE_CAUSE.matcher(text(node.get("message"))).matches())
        // RFC 3339 in UTC: in the order of text
        .min(Comparator.comparing(node -> text(node.get("finishedAt"))))
        .map(node -> text(node.get("displayName")) + ": " + text(node.get("message")))
        .orElse(otherwise);
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }
}
