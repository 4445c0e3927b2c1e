package org.llmroutes.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one AI service: JSON or a form in, JSON, bytes or a stream out, over one pool of
 * connections, within the service's timeout and the caller's deadline. Failures are {@link
 * StepException}s: {@code unavailable} (tried again where that can help), {@code timeout} once the
 * deadline has passed, {@code rejected} for what the service refuses.
 */
public final class ServiceClient {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceClient.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .executor(PerTaskThreads.executor())
          .build();

  private final ServiceSettings settings;
  private final String step;
  private final ProtectedCalls calls;

  /**
   * @param step the step that fails when the service does, for instance {@code embed}
   */
  public ServiceClient(ServiceSettings settings, String step) {
    this.settings = settings;
    this.step = step;
    this.calls = new ProtectedCalls(settings, step);
  }

  public ServiceSettings settings() {
    return settings;
  }

  /** Posts JSON and reads the JSON answer; tried again within the deadline. */
  public JsonNode post(String path, Object body, Deadline deadline) {
    return protecting(
        () -> json(exchange(jsonRequest(path, body), BodyHandlers.ofByteArray(), deadline)),
        deadline);
  }

  /** Posts a form and reads the JSON answer; tried again within the deadline. */
  public JsonNode post(String path, MultipartForm form, Deadline deadline) {
    return protecting(
        () -> {
          HttpRequest.Builder request =
              request(path)
                  .header("content-type", form.contentType())
                  .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()));
          return json(exchange(request, BodyHandlers.ofByteArray(), deadline));
        },
        deadline);
  }

  public JsonNode get(String path, Deadline deadline) {
    return protecting(
        () -> json(exchange(request(path).GET(), BodyHandlers.ofByteArray(), deadline)), deadline);
  }

  /** Posts JSON and reads an answer of any type; tried again within the deadline. */
  public byte[] postForBytes(String path, Object body, Deadline deadline) {
    return protecting(
        () -> exchange(jsonRequest(path, body), BodyHandlers.ofByteArray(), deadline).body(),
        deadline);
  }

  public byte[] getBytes(String path, Deadline deadline) {
    return protecting(
        () -> exchange(request(path).GET(), BodyHandlers.ofByteArray(), deadline).body(), deadline);
  }

  /**
   * Posts JSON once and hands out the body as it arrives; closing it ends the request at the
   * server.
   */
  InputStream open(String path, Object body, Deadline deadline) {
    return exchange(jsonRequest(path, body), head -> new InterruptibleBody(), deadline).body();
  }

  /**
   * Carries out a call within what the service can take, and again while it fails in a way that may
   * pass.
   */
  public <T> T protecting(Supplier<T> call, Deadline deadline) {
    return calls.run(call, deadline);
  }

  /** A failure that may pass, in the words of this service. */
  public StepException failure(String what, Throwable cause) {
    return new TransientFailure(step, settings.name() + " " + what, cause);
  }

  /** A failure of this kind, in the words of this service. */
  public StepException failure(ErrorCode code, String what) {
    return calls.failure(code, what, null);
  }

  /** An answer that is not what the protocol says. */
  public StepException unexpected(String what) {
    return failure(ErrorCode.UNAVAILABLE, "answered unexpectedly: " + what);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(settings.url() + path));
    if (!settings.apiKey().isEmpty()) {
      builder.header("authorization", "Bearer " + settings.apiKey());
    }
    return builder;
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, BodyHandler<T> handler, Deadline deadline) {
    if (deadline.passed()) {
      throw timedOut();
    }
    CompletableFuture<HttpResponse<T>> answer = HTTP.sendAsync(request.build(), handler);
    try {
      HttpResponse<T> response =
          answer.get(deadline.within(settings.timeout()).toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() / 100 != 2) {
        throw refused(response.statusCode(), text(response.body()));
      }
      return response;
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw deadline.passed()
          ? timedOut()
          : failure("did not answer within " + settings.timeout().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw failure("cannot be reached", e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw calls.interrupted(e);
    }
  }

  StepException timedOut() {
    return failure(ErrorCode.TIMEOUT, "had not finished when the time of the request ran out");
  }

  private StepException refused(int status, String body) {
    LOG.debug("{} answered {}: {}", settings, status, body);
    if (status == 401 || status == 403) {
      LOG.warn("{} refuses the credentials (HTTP {}); check its _API_KEY", settings, status);
      return failure(ErrorCode.UNAVAILABLE, "refuses the credentials");
    } else if (status == 429 || status >= 500) {
      return failure("answered with HTTP " + status, null);
    }
    return failure(ErrorCode.REJECTED, "refused the request: " + reason(body, status));
  }

  private static String reason(String body, int status) {
    String found = "HTTP " + status;
    try {
      JsonNode node = JSON.readTree(body);
      for (String pointer : new String[] {"/error/message", "/message", "/error", "/detail"}) {
        if (node.at(pointer).isTextual()) {
          found = node.at(pointer).asText();
          break;
        }
      }
    } catch (JsonProcessingException e) {
      LOG.debug("No JSON in the error", e);
    }
    return found.length() > 300 ? found.substring(0, 300) : found;
  }

  private static String text(Object body) {
    if (body instanceof InputStream stream) {
      try (stream) {
        return new String(stream.readNBytes(64 * 1024), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return "";
      }
    }
    return new String((byte[]) body, StandardCharsets.UTF_8);
  }

  private JsonNode json(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw unexpected("no JSON");
    }
  }

  private HttpRequest.Builder jsonRequest(String path, Object body) {
    try {
      return request(path)
          .header("content-type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }
}
