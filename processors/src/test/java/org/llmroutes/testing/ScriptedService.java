package org.llmroutes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.ai.JsonServer;

/** An AI service of one path that answers well, except where the test told it how to fail. */
public final class ScriptedService extends JsonServer {
  private static final Pattern PART =
      Pattern.compile(
          "(?s)\\r\\nContent-Disposition: form-data; name=\"(?<name>\\w+)\""
              + "(?:; filename=\"(?<file>[\\w.]+)\"\\r\\nContent-Type: (?<type>audio/\\w+))?\\r\\n\\r\\n(?<content>.*)");

  public final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  public final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final String protocol;

  /** How one request is answered instead. */
  public interface Fault {
    void answer(HttpExchange exchange) throws Exception;
  }

  public ScriptedService(String protocol, String path, Answer good) {
    super(0);
    this.protocol = protocol;
    handle(
        path,
        (request, exchange) -> {
          if (!exchange.getRequestURI().getPath().equals(path)) {
            throw new IllegalArgumentException("No path " + exchange.getRequestURI());
          }
          requests.add(request);
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          Fault fault = faults.poll();
          if (fault == null) {
            answer(exchange, good.to(request));
          } else {
            fault.answer(exchange);
          }
        });
  }

  /**
   * Forms and queries are read as a map of text, or of bytes where a part is a file; its name is
   * {@code filename}, its type {@code content_type}.
   */
  @Override
  protected JsonNode read(HttpExchange exchange) throws IOException {
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("content-type"));
    String query = exchange.getRequestURI().getRawQuery();
    ObjectNode fields = JSON.createObjectNode();
    if (query != null) {
      for (String pair : query.split("&")) {
        String[] parts = pair.split("=", 2);
        fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    if (!type.startsWith("multipart/form-data; boundary=")) {
      return query == null ? super.read(exchange) : fields;
    }
    String boundary = "--" + type.substring(type.indexOf('=') + 1);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    for (String part : body.split("(?:\\r\\n)?" + Pattern.quote(boundary))) {
      Matcher matcher = PART.matcher(part);
      if (matcher.matches()) {
        byte[] content = matcher.group("content").getBytes(StandardCharsets.ISO_8859_1);
        if (matcher.group("file") == null) {
          fields.put(matcher.group("name"), new String(content, StandardCharsets.UTF_8));
        } else {
          fields.put(matcher.group("name"), content);
          fields.put("filename", matcher.group("file")).put("content_type", matcher.group("type"));
        }
      }
    }
    return fields;
  }

  private static void answer(HttpExchange exchange, Object answer) throws IOException {
    if (answer instanceof byte[] bytes) {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } else {
      send(exchange, 200, answer);
    }
  }

  /** The next requests fail so, one after the other. */
  public ScriptedService failing(Fault... next) {
    faults.addAll(List.of(next));
    return this;
  }

  public ScriptedService failing(int times, Fault fault) {
    IntStream.range(0, times).forEach(i -> faults.add(fault));
    return this;
  }

  public static Fault status(int code) {
    return exchange -> send(exchange, code, error("test", "the reason"));
  }

  /** As {@link #status}, and when to come back. */
  public static Fault status(int code, String retryAfter) {
    return exchange -> {
      exchange.getResponseHeaders().set("retry-after", retryAfter);
      send(exchange, code, error("test", "the reason"));
    };
  }

  public static Fault saying(int code, String reason) {
    return exchange -> send(exchange, code, error("test", reason));
  }

  /** Ends the connection without an answer, as a server does that is restarted. */
  public static Fault dropped() {
    return exchange -> {
      throw new IOException("as the test wants it");
    };
  }

  /** HTTP 200 with this body, whatever it is. */
  public static Fault body(String text) {
    return exchange -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  public static Fault hanging() {
    return exchange -> hang();
  }

  /** Begins to answer and goes no further. */
  public static Fault stalling() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write("[".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      hang();
    };
  }

  private static void hang() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IOException("The server was stopped", e);
    }
  }

  /** Settings for this service: three attempts, a timeout that no test reaches. */
  public ServiceSettings settings() {
    return settings("test-model", 3, Duration.ofSeconds(30));
  }

  public ServiceSettings settings(String model, int attempts, Duration timeout) {
    return new ServiceSettings(
        "service", url(), protocol, model, "key", timeout, 0, Resilience.attempts(attempts));
  }

  /** Settings for a service that is not there. */
  public ServiceSettings nowhere() {
    String url = "http://127.0.0.1:" + Ports.free(0);
    return new ServiceSettings(
        "service",
        url,
        protocol,
        "test-model",
        "",
        Duration.ofSeconds(30),
        0,
        Resilience.attempts(2));
  }
}
