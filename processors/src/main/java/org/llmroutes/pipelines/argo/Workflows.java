package org.llmroutes.pipelines.argo;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Locale;
import java.util.Optional;

/**
 * The Workflows of a cluster, and whether it has a template, over the Kubernetes API. Whatever
 * fails is a {@link KubernetesClientException}.
 */
final class Workflows {
  private static final String TERMINATE = "{\"spec\":{\"shutdown\":\"Terminate\"}}";

  private final KubernetesClient client;

  Workflows(KubernetesClient client) {
    this.client = client;
  }

  boolean hasTemplate(String namespace, String name) {
    return all("WorkflowTemplate", namespace).withName(name).get() != null;
  }

  Optional<GenericKubernetesResource> find(String namespace, String name) {
    return Optional.ofNullable(workflow(namespace, name).get());
  }

  /** Creates the Workflow, or finds the one that has its name. */
  GenericKubernetesResource create(String namespace, GenericKubernetesResource workflow) {
    try {
      return all("Workflow", namespace).resource(workflow).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HTTP_CONFLICT) {
        throw e;
      }
      return find(namespace, workflow.getMetadata().getName()).orElseThrow(() -> e);
    }
  }

  /** Asks for an end of the Workflow; nothing where there is none. */
  void terminate(String namespace, String name) {
    try {
      workflow(namespace, name).patch(PatchContext.of(PatchType.JSON_MERGE), TERMINATE);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** An informer of all that the bridge has created in the namespace; not started. */
  SharedIndexInformer<GenericKubernetesResource> informer(String namespace) {
    return all("Workflow", namespace).withLabel(WorkflowManifest.PIPELINE).runnableInformer(0);
  }

  private Resource<GenericKubernetesResource> workflow(String namespace, String name) {
    return all("Workflow", namespace).withName(name);
  }

  /** The Workflows or the WorkflowTemplates of a namespace. */
  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(String kind, String namespace) {
    return client
        .genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup("argoproj.io")
                .withVersion("v1alpha1")
                .withKind(kind)
                .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(true)
                .build())
        .inNamespace(namespace);
  }
}
