package org.llmroutes.tests.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.Project;

/**
 * One nats-server with what {@code deploy/platform/nats} configures: the {@code config.merge} of
 * the chart's values as the chart writes it, the ConfigMaps where the values mount them, and the
 * variables that they take from a Secret.
 */
final class DeployedNats extends LocalServer {
  private final Map<String, String> secret;

  /**
   * @param secret what {@code nats-public-keys} holds
   */
  DeployedNats(Path data, Map<String, String> secret) {
    super("nats-server", data, 0);
    this.secret = secret;
  }

  private static JsonNode values() {
    return Rendered.of("deploy/platform/nats").stream()
        .filter(document -> Rendered.name(document).equals("HelmRelease/nats"))
        .findFirst()
        .orElseThrow()
        .at("/spec/values");
  }

  @Override
  protected List<String> command() throws IOException {
    JsonNode values = values();
    mountConfigMaps(values);
    ObjectNode merge = values.at("/config/merge").deepCopy();
    merge.put("listen", "127.0.0.1:" + port());
    merge.putObject("jetstream").put("store_dir", data().resolve("jetstream").toString());
    Path config = Files.createDirectories(mount("/etc/nats-config")).resolve("nats.conf");
    Files.writeString(config, asTheChartWritesIt(merge));

    List<String> command = new ArrayList<>(List.of("env"));
    for (var variable : values.at("/container/env").properties()) {
      JsonNode reference = variable.getValue().at("/valueFrom/secretKeyRef");
      if (!"nats-public-keys".equals(reference.path("name").asText())) {
        throw new IllegalStateException("No Secret for " + variable);
      }
      command.add(variable.getKey() + "=" + secret.get(reference.path("key").asText()));
    }
    command.addAll(
        List.of(Project.installed("bin/nats-server").toString(), "-c", config.toString()));
    return command;
  }

  private Path mount(String path) {
    return data().resolve(path.substring(1));
  }

  private void mountConfigMaps(JsonNode values) throws IOException {
    for (JsonNode added : values.at("/podTemplate/patch")) {
      JsonNode volume = added.path("value");
      for (JsonNode mounted : values.at("/container/patch")) {
        if (mounted.at("/value/name").equals(volume.path("name"))) {
          Path folder = Files.createDirectories(mount(mounted.at("/value/mountPath").asText()));
          String map = "ConfigMap/" + volume.at("/configMap/name").asText();
          for (JsonNode document : Rendered.of("deploy/platform/nats")) {
            if (Rendered.name(document).equals(map)) {
              for (var file : document.path("data").properties()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
              }
            }
          }
        }
      }
    }
  }

  /** What is between << and >> without quotes, keys that end in $include as directives. */
  private static String asTheChartWritesIt(JsonNode config) {
    return config
        .toPrettyString()
        .replaceAll("\".*\\$include\" : \"(.*)\",?", "include $1;")
        .replaceAll("\"<<\\s+(.*?)\\s+>>\"", "$1");
  }

  String url() {
    return "nats://127.0.0.1:" + port();
  }
}
