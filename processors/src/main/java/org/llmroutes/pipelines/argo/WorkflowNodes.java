package org.llmroutes.pipelines.argo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a Workflow's status, also where there are so many that Argo has compressed them.
 *
 * @see <a href="https://argo-workflows.readthedocs.io/en/latest/offloading-large-workflows/">
 *     Offloading large Workflows</a>
 */
final class WorkflowNodes {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowNodes.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkflowNodes() {}

  /** Empty where there are none, or they are not in the Workflow. */
  static Collection<Map<String, Object>> of(GenericKubernetesResource workflow) {
    Map<String, Map<String, Object>> nodes = workflow.get("status", "nodes");
    String compressed = workflow.get("status", "compressedNodes");
    if (nodes == null && compressed != null && !compressed.isEmpty()) {
      nodes = read(compressed);
    }
    return nodes == null ? List.of() : nodes.values();
  }

  /** Whether Argo keeps them in its database only. */
  static boolean areElsewhere(GenericKubernetesResource workflow) {
    Object version = workflow.get("status", "offloadNodeStatusVersion");
    return version != null && !version.toString().isEmpty() && of(workflow).isEmpty();
  }

  /** Gzip in Base64. */
  private static Map<String, Map<String, Object>> read(String compressed) {
    try (InputStream json =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(compressed)))) {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("Compressed nodes that cannot be read", e);
      return Map.of();
    }
  }
}
