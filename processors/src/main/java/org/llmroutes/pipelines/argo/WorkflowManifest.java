package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.telemetry.Tracing;

/** The Workflow that a run becomes: data all through, with nothing rendered into text. */
final class WorkflowManifest {
  /** The label by which the bridge's Workflows are told from others. */
  static final String PIPELINE = "llm-routes/pipeline";

  private static final String REQUEST = "llm-routes/request";
  private static final String REQUEST_ID = "llm-routes/request-id";

  /** Only while it is traced: what a step of the Workflow goes on with. */
  private static final String TRACE = "llm-routes/traceparent";

  private static final String USER_ID = "llm-routes/user-id";

  private WorkflowManifest() {}

  static GenericKubernetesResource of(PipelineRun run) {
    GenericKubernetesResource workflow = new GenericKubernetesResource();
    workflow.setApiVersion("argoproj.io/v1alpha1");
    workflow.setKind("Workflow");
    workflow.setMetadata(
        new ObjectMetaBuilder()
            .withName(run.name())
            .withNamespace(run.target().get("namespace"))
            .addToLabels(PIPELINE, run.pipeline())
            .addToLabels(REQUEST, run.name().substring(run.pipeline().length() + 1))
            .addToAnnotations(REQUEST_ID, run.requestId())
            .addToAnnotations(USER_ID, run.userId())
            .addToAnnotations(trace())
            .build());
    List<Map<String, String>> parameters =
        run.parameters().entrySet().stream()
            .map(
                entry ->
                    Map.of("name", entry.getKey(), "value", ParameterText.of(entry.getValue())))
            .toList();
    workflow.setAdditionalProperty(
        "spec",
        Map.of(
            "workflowTemplateRef",
            Map.of("name", run.target().get("workflow_template")),
            "arguments",
            Map.of("parameters", parameters)));
    return workflow;
  }

  private static Map<String, String> trace() {
    String traceparent = Tracing.current().traceparent();
    return traceparent == null ? Map.of() : Map.of(TRACE, traceparent);
  }

  /** Whether the Workflow was made for the request and the user of this run. */
  static boolean isOf(PipelineRun run, GenericKubernetesResource workflow) {
    Map<String, String> annotations = workflow.getMetadata().getAnnotations();
    return annotations != null
        && run.requestId().equals(annotations.get(REQUEST_ID))
        && run.userId().equals(annotations.get(USER_ID));
  }
}
