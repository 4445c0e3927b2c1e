package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Role that is shipped allows what the engine does, and no more. */
@Timeout(60)
class ArgoRoleTest {
  private static final Pattern PATH =
      Pattern.compile(
          "/(apis/argoproj.io/v1alpha1|api/v1)/namespaces/ai-ml/(?<kind>\\w+)(?<name>/[\\w-]+)?(?<query>\\?.*)?");

  private static Set<String> allowed() throws IOException {
    try (InputStream file =
        Files.newInputStream(
            Path.of(
                System.getProperty("project.root"), "deploy/shared/pipeline-bridge/role.yaml"))) {
      return new KubernetesSerialization()
          .unmarshal(file, Role.class).getRules().stream()
              .flatMap(
                  rule ->
                      rule.getResources().stream()
                          .flatMap(kind -> rule.getVerbs().stream().map(verb -> verb + kind)))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The verb that Kubernetes authorises for a request, and what it is done to. */
  private static String asked(RecordedRequest request) {
    Matcher path = PATH.matcher(request.getPath());
    assertThat(path.matches()).as(request.getPath()).isTrue();
    String verb =
        switch (request.getMethod()) {
          case "POST" -> "create";
          case "GET" -> path.group("name") == null ? "list" : "get";
          default -> request.getMethod().toLowerCase(Locale.ROOT);
        };
    boolean watch = String.valueOf(path.group("query")).contains("watch=true");
    return (watch ? "watch" : verb) + path.group("kind");
  }

  @Test
  void theRoleIsWhatTheEngineNeeds() throws Exception {
    Set<String> asked = new TreeSet<>();
    try (MockCluster cluster = new MockCluster()) {
      cluster.addTemplate(MockCluster.TEMPLATE);
      cluster.addPod("{\"phase\": \"Pending\"}");
      cluster.server.takeRequest();
      cluster.server.takeRequest();
      try (ArgoEngine engine = new ArgoEngine(cluster.client(), "")) {
        engine.start(MockCluster.RUN);
        engine.start(MockCluster.RUN);
        cluster.change(
            MockCluster.RUN.name(),
            """
            {"status": {"phase": "Running", "nodes": {"n": {"displayName": "n", "type": "Pod",
              "phase": "Pending", "message": "ContainerCreating", "startedAt": "2026-11-23T15:39:56Z"}}}}
            """);
        // it looks for pods once its watch has told of the node that waits for one
        await()
            .untilAsserted(
                () -> {
                  engine.look(MockCluster.RUN);
                  drain(cluster, asked);
                  assertThat(asked).contains("listpods", "listevents");
                });
        engine.stop(MockCluster.RUN);
        await()
            .untilAsserted(
                () -> {
                  drain(cluster, asked);
                  assertThat(asked).isEqualTo(allowed());
                });
      }
    }
  }

  @Test
  void whatTheDoctorAsksForIsTheSame() throws IOException {
    assertThat(BridgeRights.ALL)
        .extracting(right -> right.verb() + right.resource())
        .hasSameElementsAs(allowed());
  }

  @Test
  void namesWhatIsNotAllowed() {
    try (MockCluster cluster = new MockCluster();
        ArgoEngine engine = new ArgoEngine(cluster.client(), "")) {
      for (BridgeRights.Right right : BridgeRights.ALL) {
        review(cluster, !"watch".equals(right.verb()) && !"pods".equals(right.resource()));
      }

      assertThat(engine.missingRights(MockCluster.NAMESPACE))
          .containsExactly("watch workflows", "list pods");
    }
  }

  private static void review(MockCluster cluster, boolean allowed) {
    cluster
        .server
        .expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .andReturn(
            201,
            new SelfSubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(allowed)
                .endStatus()
                .build())
        .once();
  }

  private static void drain(MockCluster cluster, Set<String> into) throws InterruptedException {
    RecordedRequest next = cluster.server.takeRequest(0, TimeUnit.SECONDS);
    while (next != null) {
      into.add(asked(next));
      next = cluster.server.takeRequest(0, TimeUnit.SECONDS);
    }
  }
}
