package org.llmroutes.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.argo.ArgoEngine;

/** Kubernetes, what the bridge may do there, and the WorkflowTemplates of the catalogue. */
final class ArgoCheck implements Check {

  @Override
  public String part() {
    return "argo";
  }

  @Override
  public void look(Installation here, Findings found) {
    Optional<ArgoEngine> engine =
        here.has("pipeline") ? ArgoEngine.of(here.settings().environment()) : Optional.empty();
    if (engine.isEmpty()) {
      found.notUsed("", "no Kubernetes is configured here, or no pipelines are run");
      return;
    }
    try (ArgoEngine argo = engine.get()) {
      found.well("kubernetes", argo.kubernetes());
      List<Map<String, String>> targets = PipelinesCheck.targets(here, "argo");
      targets.stream()
          .map(target -> target.getOrDefault("namespace", ""))
          .distinct()
          .forEach(namespace -> rights(argo, namespace, found));
      targets.forEach(target -> template(argo, target, found));
    } catch (TurnException e) {
      found.notWell(
          "kubernetes",
          e.getMessage(),
          "KUBECONFIG names how it is reached; in a pod, its service account does");
    }
  }

  private static void rights(ArgoEngine argo, String namespace, Findings found) {
    List<String> missing = argo.missingRights(namespace);
    if (missing.isEmpty()) {
      found.well("rights", "all that is needed in namespace " + namespace);
    } else {
      found.notWell(
          "rights",
          "this account may not %s in namespace %s"
              .formatted(String.join(", ", missing), namespace),
          "apply the Role of deploy/shared/pipeline-bridge, and bind it to this account");
    }
  }

  private static void template(ArgoEngine argo, Map<String, String> target, Findings found) {
    String namespace = target.getOrDefault("namespace", "");
    String name = target.getOrDefault("workflow_template", "");
    if (argo.hasTemplate(namespace, name)) {
      found.well(name, "the WorkflowTemplate is there");
    } else {
      found.notWell(
          name,
          "there is no such WorkflowTemplate in namespace " + namespace,
          "`kubectl apply -k deploy/platform/argo`");
    }
  }
}
