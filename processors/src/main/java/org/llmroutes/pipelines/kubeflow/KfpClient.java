package org.llmroutes.pipelines.kubeflow;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llmroutes.http.HttpSpans;
import org.llmroutes.pipelines.RunMessage;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;

/**
 * Asks the REST API of Kubeflow Pipelines, once a call; whoever calls tries again. Whatever fails
 * is a {@link KfpException}.
 */
final class KfpClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final String url;
  private final Optional<Path> tokenFile;

  /**
   * @param url of the server, or of what stands before it
   * @param tokenFile with a bearer token, read for every call since such tokens are replaced
   */
  KfpClient(String url, Optional<Path> tokenFile) {
    this.url = url.replaceAll("/+$", "") + "/apis/v2beta1";
    this.tokenFile = tokenFile;
  }

  String url() {
    return url;
  }

  /**
   * @param path with names in it encoded
   * @param query entries with an empty value are left out
   * @return empty where there is no such thing
   */
  Optional<JsonNode> get(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    try {
      return Optional.of(answer(request(path + parameters).GET()));
    } catch (KfpException e) {
      if (e.status() == HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  JsonNode post(String path, JsonNode body) {
    return answer(
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /** For a value in a query; for a segment of a path where it holds no space. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
    tokenFile.ifPresent(file -> request.header("authorization", "Bearer " + token(file)));
    return request;
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new KfpException(0, "wants a token, and KFP_TOKEN_FILE cannot be read", e);
    }
  }

  private JsonNode answer(HttpRequest.Builder request) {
    HttpRequest plain = request.build();
    Span span = HttpSpans.begin("kfp", plain.method(), plain.uri(), request::setHeader);
    try {
      return answer(request.build(), span);
    } catch (KfpException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private JsonNode answer(HttpRequest request, Span span) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      int status = response.statusCode();
      span.set(Names.HTTP_STATUS, status);
      Optional<String> location = response.headers().firstValue("location");
      if (status / 100 == 3 && location.isPresent()) {
        throw KfpException.redirected(status, location.get());
      } else if (response.body().stripLeading().startsWith("<")) {
        throw KfpException.webPage(status);
      } else if (status / 100 != 2) {
        throw new KfpException(status, reason(response.body()), null);
      }
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new KfpException(0, "answered with what is no JSON", e);
    } catch (IOException e) {
      throw new KfpException(0, "cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KfpException(0, "was waited for when the work was interrupted", e);
    }
  }

  /** The detail says what the message says, without the path it took through the server. */
  private static String reason(String body) {
    try {
      JsonNode error = JSON.readTree(body);
      String detail = error.at("/details/0/message").asText();
      boolean says = !detail.isEmpty() && !"Internal Server Error".equals(detail);
      return RunMessage.of(says ? detail : error.path("message").asText());
    } catch (JsonProcessingException e) {
      // what stands in front of the server says it in plain words
      return RunMessage.of(body);
    }
  }
}
