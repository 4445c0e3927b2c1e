package org.llmroutes.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
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

  /** Embeddings are thousands of numbers. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build());

  private static final HttpConnections HTTP = new HttpConnections();

  private final ServiceSettings settings;
  private final URI address;
  private final String step;
  private final ProtectedCalls calls;

  /**
   * @param step the step that fails when the service does, for instance {@code embed}
   */
  public ServiceClient(ServiceSettings settings, String step) {
    this.settings = settings;
    this.address = URI.create(settings.url());
    this.step = step;
    this.calls = new ProtectedCalls(settings, step);
  }

  public ServiceSettings settings() {
    return settings;
  }

  /** Posts JSON and reads the JSON answer; tried again within the deadline. */
  public JsonNode post(String path, Object body, Deadline deadline) {
    return protecting(() -> postOnce(path, body, deadline), deadline);
  }

  /** Posts JSON once and reads the JSON answer, inside of {@link #protecting}. */
  public JsonNode postOnce(String path, Object body, Deadline deadline) {
    return json(bytes(jsonRequest(path, body), deadline));
  }

  /** Posts a form and reads the JSON answer; tried again within the deadline. */
  public JsonNode post(String path, MultipartForm form, Deadline deadline) {
    return protecting(
        () -> {
          return json(bytes(request("POST", path, form.contentType(), form.body()), deadline));
        },
        deadline);
  }

  public JsonNode get(String path, Deadline deadline) {
    return protecting(() -> json(bytes(request("GET", path), deadline)), deadline);
  }

  /** Posts JSON and reads an answer of any type; tried again within the deadline. */
  public byte[] postForBytes(String path, Object body, Deadline deadline) {
    return protecting(() -> bytes(jsonRequest(path, body), deadline), deadline);
  }

  public byte[] getBytes(String path, Deadline deadline) {
    return protecting(() -> bytes(request("GET", path), deadline), deadline);
  }

  /**
   * Posts JSON once and hands out the body as it arrives; closing it ends the request at the
   * server.
   */
  InputStream open(String path, Object body, Deadline deadline) {
    return exchange(
        jsonRequest(path, body),
        (answer, span) -> span.isRecorded() ? new SpannedBody(answer, span) : answer,
        deadline);
  }

  /**
   * Carries out a call within what the service can take, and again while it fails in a way that may
   * pass. Why it failed for good is said in the log, with the address.
   */
  public <T> T protecting(Supplier<T> call, Deadline deadline) {
    try {
      return calls.run(call, deadline);
    } catch (StepException e) {
      throw said(e);
    }
  }

  /** A failure that nobody goes on from. */
  StepException said(StepException failure) {
    if (failure instanceof Refusal refusal) {
      LOG.warn(refusal.advice());
    } else if (failure.code() != ErrorCode.INTERNAL) {
      LOG.warn("{}: {}", settings, ErrorAnswer.withoutWords(failure));
    }
    return failure;
  }

  /** Gets JSON once, if it is there, be the service shut off or not. */
  public JsonNode probe(String path, Deadline deadline) {
    return json(bytes(request("GET", path), deadline));
  }

  /** As {@link #post}, where a refusal may be part of finding out what the service has. */
  JsonNode ask(String path, Object body, Deadline deadline) {
    return calls.run(() -> postOnce(path, body, deadline), deadline);
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
    return said(failure(ErrorCode.UNAVAILABLE, "answered unexpectedly: " + what));
  }

  private ClassicHttpRequest request(String method, String path) {
    ClassicHttpRequest request =
        new BasicClassicHttpRequest(method, URI.create(settings.url() + path));
    String apiKey = settings.apiKey().now();
    if (!apiKey.isEmpty()) {
      request.setHeader("authorization", "Bearer " + apiKey);
    }
    return request;
  }

  private ClassicHttpRequest request(String method, String path, String type, HttpEntity body) {
    ClassicHttpRequest request = request(method, path);
    request.setHeader("content-type", type);
    request.setEntity(body);
    return request;
  }

  private byte[] bytes(ClassicHttpRequest request, Deadline deadline) {
    return exchange(
        request,
        (body, span) -> {
          byte[] read = body.readAllBytes();
          span.end();
          return read;
        },
        deadline);
  }

  /** What is made of a body; once there is no more of it to come, the span of the call ends. */
  private interface Reading<T> {
    T read(InputStream body, Span span) throws IOException;
  }

  /** Sends a request and reads its answer in time, on the calling thread. */
  private <T> T exchange(ClassicHttpRequest request, Reading<T> reading, Deadline deadline) {
    if (deadline.passed()) {
      throw timedOut();
    }
    Span span =
        Tracing.isOn()
            ? HttpSpans.begin(
                settings.name(),
                request.getMethod(),
                address.resolve(request.getRequestUri()),
                request::setHeader)
            : Span.NONE;
    try {
      return exchange(request, reading, deadline, span);
    } catch (RuntimeException e) {
      span.fail(e);
      span.end();
      throw e;
    }
  }

  private <T> T exchange(
      ClassicHttpRequest request, Reading<T> reading, Deadline deadline, Span span) {
    try (Alarm alarm = new Alarm(timeToBegin(deadline))) {
      try {
        HttpExchange answer = HTTP.send(address, request);
        span.set(Names.HTTP_STATUS, answer.status());
        if (settings.resilience().isPatient()) {
          alarm.set(deadline.within(settings.timeout()));
        }
        if (answer.status() / 100 != 2) {
          ErrorAnswer error = ErrorAnswer.of(answer.status(), text(answer));
          // without the query, which may hold what is said
          String path = URI.create(request.getRequestUri()).getPath();
          throw refused(error, "for " + path, RetryAfter.of(answer::header));
        }
        return reading.read(answer, span);
      } catch (InterruptedIOException e) {
        if (!alarm.rang()) {
          throw interrupted(e);
        }
        throw deadline.passed() ? timedOut() : failure("did not answer in time", e);
      } catch (EndlessAnswer e) {
        throw failure(ErrorCode.UNAVAILABLE, "answered with " + e.getMessage());
      } catch (IOException e) {
        throw failure("cannot be reached", e);
      }
    }
  }

  /**
   * A service that cannot be done without may be loading its model, which closing the connection
   * would end with some.
   */
  private Duration timeToBegin(Deadline deadline) {
    return settings.resilience().isPatient()
        ? deadline.leftToBegin()
        : deadline.within(settings.timeout());
  }

  /** The work was interrupted, which says nothing about the service. */
  StepException interrupted(Exception e) {
    return calls.interrupted(e);
  }

  StepException timedOut() {
    return failure(ErrorCode.TIMEOUT, "had not finished when the time for it ran out");
  }

  /** What an error means that the service put into an answer of HTTP 200. */
  public StepException refused(ErrorAnswer error) {
    return refused(error, "inside of HTTP 200", Duration.ZERO);
  }

  private StepException refused(ErrorAnswer error, String where, Duration retryAfter) {
    LOG.debug("{} answered {}: {}", settings, error.status(), error.text());
    if (error.mayPass()) {
      return new TransientFailure(
          step, settings.name() + " answered with " + error.told(), retryAfter, error);
    }
    return new Refusal(step, settings, where, error);
  }

  private static String text(InputStream body) {
    try (body) {
      return new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw failure(ErrorCode.UNAVAILABLE, "answered with something else than JSON");
    }
  }

  private ClassicHttpRequest jsonRequest(String path, Object body) {
    try {
      return request(
          "POST",
          path,
          "application/json",
          new ByteArrayEntity(JSON.writeValueAsBytes(body), null));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }
}
