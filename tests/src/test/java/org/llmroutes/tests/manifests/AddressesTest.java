package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;

/** The addresses of {@code config/ai-services-config.yaml} are there, and policies let to them. */
class AddressesTest {
  private static final String DOMAIN = ".ai-ml.svc.cluster.local";

  /** What the charts call the pods and ports of which no manifest is ours. */
  private static final Map<String, String> OF_CHARTS =
      Map.of("nats:4222", "app.kubernetes.io/name=nats 4222");

  /** A Service that KServe makes for an InferenceService: port 80 leads to 8080 of its pods. */
  private static final String PREDICTOR = "-predictor:80";

  @ParameterizedTest
  @CsvSource({
    "llm, serving.kserve.io/inferenceservice=vllm 8080",
    "embeddings, serving.kserve.io/inferenceservice=embeddings 8080",
    "reranker, serving.kserve.io/inferenceservice=reranker 8080",
    "whisper, serving.kserve.io/inferenceservice=whisper 8080",
    "tts, serving.kserve.io/inferenceservice=tts 8080",
    "milvus, app.kubernetes.io/instance=milvus 19530",
    "valkey, app.kubernetes.io/name=valkey 6379",
    "nats, app.kubernetes.io/name=nats 4222"
  })
  void leadToPodsOfThePlatform(String service, String pods) throws IOException {
    assertThat(pods(service)).isEqualTo(pods);
  }

  /** What each role asks, as its routes and steps do. */
  @ParameterizedTest
  @CsvSource({
    "chat-handler, nats llm embeddings reranker milvus valkey",
    "voice-assistant, nats llm embeddings reranker whisper tts milvus valkey",
    // its engine local ingests and answers batches in the bridge itself
    "pipeline-bridge, nats llm embeddings milvus",
    // the OpenAI API asks model servers itself
    "gateway, nats llm embeddings reranker whisper tts milvus valkey",
    "nats-callout, nats"
  })
  void areWhatPoliciesLetARoleReach(String role, String services) throws IOException {
    Set<String> needed = new TreeSet<>();
    for (String service : services.split(" ")) {
      needed.add(pods(service));
    }
    Set<String> allowed = new TreeSet<>();
    for (JsonNode policy : policies("deploy/base", labels(role))) {
      for (JsonNode rule : policy.at("/spec/egress")) {
        for (JsonNode peer : rule.path("to")) {
          if (!peer.has("namespaceSelector") && !peer.has("ipBlock")) {
            rule.path("ports").forEach(port -> allowed.add(pods(peer, port.path("port").asText())));
          }
        }
      }
    }

    assertThat(allowed).isEqualTo(needed);
  }

  /** Beyond the namespace: DNS and traces for all, and what one role alone needs. */
  @ParameterizedTest
  @CsvSource({
    "chat-handler, ''",
    "voice-assistant, ''",
    "pipeline-bridge, ' argo:2746 internet:443 internet:6443 kubeflow:8888'",
    "gateway, ' internet:443'",
    // the issuer of tokens
    "nats-callout, ' internet:443'"
  })
  void areAllThatPoliciesLetARoleReachElsewhere(String role, String more) {
    Set<String> allowed = new TreeSet<>();
    for (JsonNode policy : policies("deploy/base", labels(role))) {
      for (JsonNode rule : policy.at("/spec/egress")) {
        assertThat(rule.path("to")).isNotEmpty();
        assertThat(rule.path("ports")).isNotEmpty();
        for (JsonNode peer : rule.path("to")) {
          String where =
              peer.has("ipBlock")
                  ? "internet"
                  : peer.at("/namespaceSelector/matchLabels")
                      .path("kubernetes.io/metadata.name")
                      .asText();
          if (!where.isEmpty()) {
            rule.path("ports")
                .forEach(port -> allowed.add(where + ":" + port.path("port").asText()));
          }
        }
      }
    }

    String all = "kube-system:53 monitoring:4318";
    assertThat(allowed).isEqualTo(new TreeSet<>(Arrays.asList((all + more).split(" "))));
  }

  /** Whoever may ask is also let in where there is a policy. */
  @ParameterizedTest
  @CsvSource({
    "chat-handler, app.kubernetes.io/name=valkey, 6379, true",
    "voice-assistant, app.kubernetes.io/name=valkey, 6379, true",
    "gateway, app.kubernetes.io/name=valkey, 6379, true",
    "pipeline-bridge, app.kubernetes.io/name=valkey, 6379, false",
    "chat-handler, app.kubernetes.io/name=nats, 4222, true",
    "chat-handler, app.kubernetes.io/name=nats, 8222, false",
    "nats-callout, app.kubernetes.io/name=nats, 4222, true",
    "nats-callout, app.kubernetes.io/name=valkey, 6379, false",
    "nats-callout, serving.kserve.io/inferenceservice=vllm, 8080, false",
    "pipeline-bridge, serving.kserve.io/inferenceservice=vllm, 8080, true",
    "gateway, app.kubernetes.io/name=llm-routes, 8080, false"
  })
  void letInWhoAsks(String role, String pods, int port, boolean allowed) {
    Map<String, String> target = Map.of(pods.split("=")[0], pods.split("=")[1]);
    boolean let = false;
    for (JsonNode policy : Rendered.everything()) {
      if ("NetworkPolicy".equals(policy.path("kind").asText())
          && selects(policy.at("/spec/podSelector"), target)) {
        for (JsonNode rule : policy.at("/spec/ingress")) {
          boolean from =
              stream(rule.path("from"))
                  .anyMatch(
                      peer ->
                          !peer.has("namespaceSelector")
                              && selects(peer.path("podSelector"), labels(role)));
          let |= from && stream(rule.path("ports")).anyMatch(p -> p.path("port").asInt() == port);
        }
      }
    }
    assertThat(let).isEqualTo(allowed);
  }

  @Test
  void areDeniedToAllWhomNoPolicyNames() {
    for (String role :
        List.of("chat-handler", "voice-assistant", "pipeline-bridge", "gateway", "nats-callout")) {
      assertThat(policies("deploy/base", labels(role)))
          .anyMatch(policy -> policy.at("/spec/policyTypes").toString().contains("Ingress"))
          .anyMatch(policy -> policy.at("/spec/policyTypes").toString().contains("Egress"));
    }
  }

  /** Pods and port behind the address of a service, as {@code label=value port}. */
  private static String pods(String service) throws IOException {
    String address = address(service);
    if (OF_CHARTS.containsKey(address)) {
      assertThat(Rendered.everything())
          .map(Rendered::name)
          .contains("HelmRelease/" + address.split(":")[0]);
      return OF_CHARTS.get(address);
    }
    if (address.endsWith(PREDICTOR)) {
      String name = address.substring(0, address.length() - PREDICTOR.length());
      assertThat(Rendered.everything()).map(Rendered::name).contains("InferenceService/" + name);
      return "serving.kserve.io/inferenceservice=" + name + " 8080";
    }
    JsonNode found =
        Rendered.everything().stream()
            .filter(document -> Rendered.name(document).equals("Service/" + address.split(":")[0]))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no Service for " + address));
    JsonNode port = found.at("/spec/ports/0");
    assertThat(port.path("port").asText()).isEqualTo(address.split(":")[1]);
    var label = found.at("/spec/selector").properties().iterator().next();
    String target = port.path("targetPort").asText();
    return "%s=%s %s"
        .formatted(
            label.getKey(),
            label.getValue().asText(),
            target.matches("\\d+") ? target : port.path("port").asText());
  }

  /** {@code name:port} within the namespace. */
  private static String address(String service) throws IOException {
    JsonNode config =
        Rendered.parse(Files.readString(Project.root().resolve("config/ai-services-config.yaml")))
            .get(0);
    if ("milvus".equals(service)) {
      return config.at("/milvus/host").asText().replace(DOMAIN, "")
          + ":"
          + config.at("/milvus/port").asText();
    }
    JsonNode entry = config.at("/services/" + service);
    URI url =
        URI.create((entry.isMissingNode() ? config.path(service) : entry).path("url").asText());
    assertThat(url.getHost()).endsWith(DOMAIN);
    return url.getHost().replace(DOMAIN, "") + ":" + (url.getPort() < 0 ? 80 : url.getPort());
  }

  private static String pods(JsonNode peer, String port) {
    var label = peer.at("/podSelector/matchLabels").properties().iterator().next();
    return label.getKey() + "=" + label.getValue().asText() + " " + port;
  }

  private static Map<String, String> labels(String role) {
    return Map.of("app.kubernetes.io/name", "llm-routes", "app.kubernetes.io/component", role);
  }

  private static List<JsonNode> policies(String folder, Map<String, String> labels) {
    List<JsonNode> policies = new ArrayList<>();
    for (JsonNode document : Rendered.of(folder)) {
      if ("NetworkPolicy".equals(document.path("kind").asText())
          && selects(document.at("/spec/podSelector"), labels)) {
        policies.add(document);
      }
    }
    return policies;
  }

  private static boolean selects(JsonNode selector, Map<String, String> labels) {
    boolean matches =
        selector.path("matchLabels").properties().stream()
            .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())));
    return matches
        && stream(selector.path("matchExpressions"))
            .allMatch(
                expression -> {
                  String value = labels.get(expression.path("key").asText());
                  return switch (expression.path("operator").asText()) {
                    case "Exists" -> value != null;
                    case "DoesNotExist" -> value == null;
                    default ->
                        stream(expression.path("values")).anyMatch(v -> v.asText().equals(value));
                  };
                });
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
