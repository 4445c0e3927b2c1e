package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** What Argo says of a pod that is about to start. */
  private static final Pattern STARTING =
      Pattern.compile("|ContainerCreating.*|PodInitializing.*", Pattern.DOTALL);

  private WorkflowState() {}

  static RunState of(GenericKubernetesResource workflow) {
    String message = text(workflow.get("status", "message"));
    Phase phase = phase(workflow);
    Collection<Map<String, Object>> nodes = WorkflowNodes.of(workflow);
    if (phase == Phase.FAILED && saysNoCause(workflow)) {
      message = cause(nodes, message);
    } else if (phase == Phase.SUCCEEDED && message.isEmpty()) {
      message = summary(nodes);
    }
    return new RunState(
        phase,
        RunMessage.of(message),
        text(workflow.get("status", "progress")),
        phase.isFinal() ? "" : RunMessage.of(obstacle(nodes)));
  }

  static boolean saysNoCause(GenericKubernetesResource workflow) {
    return NOT_THE_CAUSE.matcher(text(workflow.get("status", "message"))).matches();
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
  private static String cause(Collection<Map<String, Object>> nodes, String otherwise) {
    return nodes.stream()
        .filter(node -> text(node.get("phase")).matches("Failed|Error"))
        .filter(node -> !NOT_THE_CAUSE.matcher(text(node.get("message"))).matches())
        // RFC 3339 in UTC: in the order of text
        .min(Comparator.comparing(node -> text(node.get("finishedAt"))))
        .map(node -> named(node, text(node.get("message"))))
        .orElse(otherwise);
  }

  /** What the steps say that they did, where they have the output parameter for that. */
  private static String summary(Collection<Map<String, Object>> nodes) {
    return nodes.stream()
        // a node that stands for retries has the outputs of the one that succeeded
        .filter(node -> node.get("type") == null || "Pod".equals(node.get("type")))
        .filter(node -> "Succeeded".equals(node.get("phase")))
        .sorted(Comparator.comparing(node -> text(node.get("finishedAt"))))
        .flatMap(WorkflowState::outputs)
        .collect(Collectors.joining("; "));
  }

  private static Stream<String> outputs(Map<String, Object> node) {
    return node.get("outputs") instanceof Map<?, ?> outputs
            && outputs.get("parameters") instanceof List<?> parameters
        ? parameters.stream()
            .filter(Map.class::isInstance)
            .map(Map.class::cast)
            .filter(parameter -> "summary".equals(parameter.get("name")))
            .map(parameter -> text(parameter.get("value")))
            .filter(text -> !text.isBlank())
        : Stream.empty();
  }

  /** The first of the pods that cannot start, and why. */
  private static String obstacle(Collection<Map<String, Object>> nodes) {
    return nodes.stream()
        .filter(WorkflowState::isPending)
        .filter(node -> !STARTING.matcher(text(node.get("message"))).matches())
        .min(Comparator.comparing(node -> text(node.get("startedAt"))))
        .map(node -> named(node, text(node.get("message"))))
        .orElse("");
  }

  /** When the first of the pods that are still starting was created; null where none is. */
  static String startingSince(GenericKubernetesResource workflow) {
    return WorkflowNodes.of(workflow).stream()
        .filter(WorkflowState::isPending)
        .filter(node -> STARTING.matcher(text(node.get("message"))).matches())
        .map(node -> node.get("startedAt"))
        .filter(Objects::nonNull)
        .map(Object::toString)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static boolean isPending(Map<String, Object> node) {
    return "Pending".equals(node.get("phase"));
  }

  private static String named(Map<String, Object> node, String message) {
    return text(node.get("displayName")) + ": " + message;
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }
}
