package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;

/** The server of this machine, which scrapes one instance and evaluates the alerts. */
final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port = Ports.free(0);
  private final Process process;

  /**
   * @param target port of an instance's metrics
   */
  Prometheus(Path folder, String target) throws IOException {
    Files.createDirectories(folder);
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [%s]
        scrape_configs:
          - job_name: llm-routes
            metrics_path: /observe/metrics
            static_configs:
              - targets: ["127.0.0.1:%s"]
        """
            .formatted(Project.root().resolve("deploy/observability/alerts.yaml"), target));
    process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
  }

  /** The data of a call of the HTTP API; missing where it does not answer, or with an error. */
  JsonNode get(String path) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
    try {
      HttpResponse<String> answer =
          HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return JSON.readTree(answer.body()).path("data");
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  /** What an expression gives now. */
  JsonNode query(String expression) throws InterruptedException {
    return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
