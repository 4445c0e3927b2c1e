package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.callout.AuthCallout;
import org.llmroutes.callout.GuardKeys;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Sha256;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.NatsSetup;

/** The NATS that is deployed lets in whom it should, with what their pods are given. */
class DeployedNatsTest {
  @TempDir private static Path folder;
  private static DeployedNats server;

  @BeforeAll
  static void start() throws Exception {
    server = new DeployedNats(folder.resolve("server"), GuardKeys.make(folder));
    server.start();
    try (Connection routes = connect("routes.nk")) {
      NatsSetup.apply(routes, Project.root().resolve("config/nats"));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Connection connect(String seed) throws IOException, InterruptedException {
    return NatsConnections.connect(
        server.url(), Map.of("NATS_NKEY_FILE", folder.resolve(seed).toString()));
  }

  /** Each pod by the Secret that it mounts at the path that its NATS_NKEY_FILE names. */
  @ParameterizedTest
  @ValueSource(
      strings = {"chat-handler", "voice-assistant", "pipeline-bridge", "gateway", "nats-callout"})
  void letsARoleInWithWhatItsPodHas(String role) throws Exception {
    JsonNode pod = find("deploy/base", "Deployment/" + role).at("/spec/template/spec");
    String file = environment(pod).get("NATS_NKEY_FILE");
    String volume = named(pod.at("/containers/0/volumeMounts"), "mountPath", parent(file));
    JsonNode secret = byName(pod.path("volumes"), volume).path("secret");

    String seed = Path.of(file).getFileName().toString();
    assertThat(keysOfSecret(secret.path("secretName").asText())).contains(seed);
    try (Connection connection = connect(seed)) {
      assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
    }
  }

  @Test
  void letsNackInWithWhatItsChartIsGiven() throws Exception {
    JsonNode key =
        find("deploy/platform/nats", "HelmRelease/nack")
            .at("/spec/values/jetstream/nats/nkey/secret");

    assertThat(keysOfSecret(key.path("name").asText())).contains(key.path("key").asText());
    connect(key.path("key").asText()).close();
  }

  @Test
  void refusesEverybodyElse() throws Exception {
    GuardKeys.make(folder.resolve("others"));

    assertThatThrownBy(() -> connectPatiently("others/routes.nk"))
        .isInstanceOf(AuthenticationException.class);
    assertThatThrownBy(() -> Nats.connect(patient().build()))
        .isInstanceOf(AuthenticationException.class);
  }

  /** The server asks for a callout first. */
  private static Options.Builder patient() {
    return new Options.Builder().server(server.url()).connectionTimeout(Duration.ofSeconds(20));
  }

  private static Connection connectPatiently(String seed) throws Exception {
    char[] key = Files.readString(folder.resolve(seed)).toCharArray();
    return Nats.connect(patient().authHandler(Nats.staticCredentials(null, key)).build());
  }

  @Test
  void asksTheCalloutAboutUsers() throws Exception {
    Files.writeString(
        folder.resolve("keys.yaml"), "keys: [{sha256: " + Sha256.of("adas-key") + ", user: ada}]");
    Map<String, String> settings =
        Map.of("AUTH_METHODS", "keys", "AUTH_KEYS_FILE", folder.resolve("keys.yaml").toString());
    Options ada = patient().token("adas-key".toCharArray()).build();
    try (Connection connection = connect("callout.nk")) {
      AuthCallout callout =
          new AuthCallout(
              connection,
              Settings.load(Project.root(), settings),
              GuardKeys.read(folder.resolve("issuer.nk")));
      connection.flush(Duration.ofSeconds(5));
      Nats.connect(ada).close();
      callout.close();
    }
  }

  /** What KEDA reads is of the account in which the streams are. */
  @ParameterizedTest
  @ValueSource(strings = {"chat-handler", "voice-assistant"})
  void hasTheStreamsInTheAccountThatKedaReads(String role) throws Exception {
    JsonNode metadata =
        ManifestsTest.withComponent("deploy/components/keda").stream()
            .filter(document -> Rendered.name(document).equals("ScaledObject/" + role))
            .findFirst()
            .orElseThrow()
            .at("/spec/triggers/0/metadata");

    assertThat(Files.readString(Project.root().resolve("config/nats-server/guarded.conf")))
        .contains("  " + metadata.path("account").asText() + " {\n    jetstream: enabled");
    try (Connection routes = connect("routes.nk")) {
      routes
          .jetStreamManagement()
          .getConsumerInfo(metadata.path("stream").asText(), metadata.path("consumer").asText());
    }
  }

  private static JsonNode find(String folder, String name) {
    return Rendered.of(folder).stream()
        .filter(document -> Rendered.name(document).equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Of the container, which goes before that of the ConfigMap. */
  private static Map<String, String> environment(JsonNode pod) {
    Map<String, String> environment = new HashMap<>();
    for (JsonNode source : pod.at("/containers/0/envFrom")) {
      String map = "ConfigMap/" + source.at("/configMapRef/name").asText();
      if (source.has("configMapRef")) {
        find("deploy/base", map)
            .path("data")
            .properties()
            .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
      }
    }
    pod.at("/containers/0/env")
        .forEach(
            entry -> environment.put(entry.path("name").asText(), entry.path("value").asText()));
    return environment;
  }

  private static String parent(String file) {
    return Path.of(file).getParent().toString();
  }

  private static String named(JsonNode list, String field, String value) {
    for (JsonNode entry : list) {
      if (entry.path(field).asText().equals(value)) {
        return entry.path("name").asText();
      }
    }
    throw new AssertionError("nothing with " + field + " " + value + " in " + list);
  }

  private static JsonNode byName(JsonNode list, String name) {
    for (JsonNode entry : list) {
      if (entry.path("name").asText().equals(name)) {
        return entry;
      }
    }
    throw new AssertionError("no " + name + " in " + list);
  }

  /** The keys that External Secrets makes for a Secret. */
  private static List<String> keysOfSecret(String name) {
    List<String> keys = new ArrayList<>();
    find("deploy/clusters/homelab/secrets", "ExternalSecret/" + name)
        .at("/spec/data")
        .forEach(entry -> keys.add(entry.path("secretKey").asText()));
    return keys;
  }
}
