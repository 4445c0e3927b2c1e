package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why pods of a Workflow do not start, as far as Argo does not say: it knows what pods say of
 * themselves, and not that a volume's Secret is missing, which is an event.
 */
final class StartingPods {
  private static final Logger LOG = LoggerFactory.getLogger(StartingPods.class);
  private static final String WORKFLOW = "workflows.argoproj.io/workflow";
  private static final List<String> STARTING = List.of("ContainerCreating", "PodInitializing");

  private final KubernetesClient client;

  StartingPods(KubernetesClient client) {
    this.client = client;
  }

  /** The first reason that is found; empty where there is none, or the bridge may not look. */
  String obstacle(String namespace, String workflow) {
    try {
      return client
          .pods()
          .inNamespace(namespace)
          .withLabel(WORKFLOW, workflow)
          .list()
          .getItems()
          .stream()
          .filter(pod -> pod.getStatus() != null && "Pending".equals(pod.getStatus().getPhase()))
          .map(pod -> said(pod).or(() -> happened(pod)))
          .flatMap(Optional::stream)
          .findFirst()
          .orElse("");
    } catch (KubernetesClientException e) {
      LOG.debug("Pods that start cannot be looked at", e);
      return "";
    }
  }

  private static Optional<String> said(Pod pod) {
    Optional<String> unschedulable =
        pod.getStatus().getConditions().stream()
            .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
            .map(c -> text(c.getReason(), c.getMessage()))
            .findFirst();
    return unschedulable.or(
        () ->
            Stream.concat(
                    pod.getStatus().getInitContainerStatuses().stream(),
                    pod.getStatus().getContainerStatuses().stream())
                .map(ContainerStatus::getState)
                .filter(Objects::nonNull)
                .map(state -> state.getWaiting())
                .filter(waiting -> waiting != null && !STARTING.contains(waiting.getReason()))
                .map((ContainerStateWaiting w) -> text(w.getReason(), w.getMessage()))
                .findFirst());
  }

  /** The newest warning. */
  private Optional<String> happened(Pod pod) {
    String name = pod.getMetadata().getName();
    return client
        .v1()
        .events()
        .inNamespace(pod.getMetadata().getNamespace())
        .withField("involvedObject.name", name)
        .list()
        .getItems()
        .stream()
        .filter(event -> "Warning".equals(event.getType()))
        .filter(event -> name.equals(event.getInvolvedObject().getName()))
        .reduce((before, last) -> last)
        .map((Event event) -> text(event.getReason(), event.getMessage()));
  }

  private static String text(String reason, String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }
}
