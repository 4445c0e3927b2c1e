package org.llmroutes.tests;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A client of the gateway that knows HTTP, JSON and server-sent events, and nothing of our code.
 */
final class GatewayClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String key;

  /**
   * @param key API key, or null for none
   */
  GatewayClient(Map<String, String> environment, String key) {
    this.url = "http://127.0.0.1:" + environment.get("GATEWAY_PORT");
    this.key = key;
  }

  record Event(String id, String type, Map<String, Object> data) {}

  record Answered(int status, Map<String, Object> body, String requestId) {
    @SuppressWarnings("unchecked")
    Map<String, Object> error() {
      return (Map<String, Object>) body.get("error");
    }
  }

  int port() {
    return URI.create(url).getPort();
  }

  Answered post(String path, Object body) throws IOException, InterruptedException {
    return send(json(path, body));
  }

  HttpRequest.Builder json(String path, Object body) throws IOException {
    return request(path)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
  }

  static Object parse(String json) throws IOException {
    return JSON.readValue(json, Object.class);
  }

  Answered get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  String text(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
        .body();
  }

  Answered delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  Answered send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = response(request);
    Map<String, Object> body =
        response.body().isEmpty()
            ? Map.of()
            : JSON.readValue(response.body(), new TypeReference<>() {});
    return new Answered(
        response.statusCode(), body, response.headers().firstValue("X-Request-Id").orElse(null));
  }

  /** The body of an answer, as it comes. */
  InputStream stream(String path, Object body) throws IOException, InterruptedException {
    return http.send(json(path, body).build(), BodyHandlers.ofInputStream()).body();
  }

  /** The answer as it is. */
  HttpResponse<String> response(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /**
   * Asks for events and reads them all.
   *
   * @param onEvent an exception of it closes the connection in mid-stream
   */
  List<Event> events(HttpRequest.Builder request, Consumer<Event> onEvent)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            request.header("accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
    List<Event> events = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String id = null;
      String type = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
          Event event =
              new Event(id, type, JSON.readValue(line.substring(6), new TypeReference<>() {}));
          events.add(event);
          onEvent.accept(event);
        }
      }
    }
    return events;
  }

  List<Event> ask(Map<String, Object> body) throws IOException, InterruptedException {
    return events(chat(body), event -> {});
  }

  HttpRequest.Builder chat(Map<String, Object> body) throws IOException {
    return json("/api/chat", body);
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }
}
