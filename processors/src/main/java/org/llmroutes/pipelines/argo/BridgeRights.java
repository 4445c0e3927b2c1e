package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the bridge does in Kubernetes, and whether it may. The Role that is shipped allows the same.
 */
final class BridgeRights {
  private static final String ARGO = "argoproj.io";

  /** One verb on one resource. */
  record Right(String group, String resource, String verb) {
    /** For instance {@code create workflows}. */
    @Override
    public String toString() {
      return verb + " " + resource;
    }
  }

  static final List<Right> ALL =
      Stream.of(
              rights(ARGO, "workflows", "create", "get", "list", "patch", "watch"),
              rights(ARGO, "workflowtemplates", "get"),
              rights("", "pods", "list"),
              rights("", "events", "list"))
          .flatMap(some -> some)
          .toList();

  private BridgeRights() {}

  private static Stream<Right> rights(String group, String resource, String... verbs) {
    return Stream.of(verbs).map(verb -> new Right(group, resource, verb));
  }

  /** Those that the client does not have in a namespace, as Kubernetes itself reviews it. */
  static List<Right> missing(KubernetesClient client, String namespace) {
    return ALL.stream().filter(right -> !isAllowed(client, namespace, right)).toList();
  }

  private static boolean isAllowed(KubernetesClient client, String namespace, Right right) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withGroup(right.group())
            .withResource(right.resource())
            .withVerb(right.verb())
            .endResourceAttributes()
            .endSpec()
            .build();
    SelfSubjectAccessReview answer =
        client.authorization().v1().selfSubjectAccessReview().create(review);
    return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }
}
