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
import java.nio.file.Path;
import java.time.Duration;
import org.llmroutes.local.PrometheusServer;

/** The server of this machine as it scrapes one instance, and what it says. */
final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final PrometheusServer server;

  /**
   * @param target port of an instance's metrics
   */
  Prometheus(Path folder, String target) {
    server = new PrometheusServer(folder, 0, target, Duration.ofSeconds(1));
    server.start();
  }

  /** The data of a call of the HTTP API; missing where the answer is an error. */
  JsonNode get(String path) throws IOException, InterruptedException {
    URI uri = URI.create(server.url() + "/api/v1/" + path);
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(answer.body()).path("data");
  }

  /** What an expression gives now. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
