package org.llmroutes.doctor;

import java.util.Map;
import java.util.Optional;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.kubeflow.KubeflowEngine;

/** Kubeflow Pipelines, and the pipelines of the catalogue there. */
final class KubeflowCheck implements Check {

  @Override
  public String part() {
    return "kubeflow";
  }

  @Override
  public void look(Installation here, Findings found) {
    Optional<KubeflowEngine> engine =
        here.has("pipeline") ? KubeflowEngine.of(here.settings().environment()) : Optional.empty();
    if (engine.isEmpty()) {
      found.notUsed("", "KFP_URL is not set, or no pipelines are run");
      return;
    }
    try (KubeflowEngine kubeflow = engine.get()) {
      found.well("server", kubeflow.server());
      for (Map<String, String> target : PipelinesCheck.targets(here, "kubeflow")) {
        pipeline(kubeflow, target, found);
      }
    } catch (TurnException e) {
      found.notWell(
          "server",
          e.getMessage(),
          "start it, or KFP_URL names another address; KFP_TOKEN_FILE has its token where it wants one");
    }
  }

  private static void pipeline(
      KubeflowEngine kubeflow, Map<String, String> target, Findings found) {
    String name = target.getOrDefault("pipeline", "");
    Optional<String> missing = kubeflow.missing(target);
    if (missing.isEmpty()) {
      found.well(name, "it is there, with the version that is run");
    } else {
      found.notWell(
          name,
          "there is no " + missing.get(),
          "upload it as docs/pipelines.md says, or take the engine out of config/pipelines.yaml");
    }
  }
}
