package org.llmroutes.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;

/**
 * The JSON events of a server-sent event stream, each as soon as its line has arrived. An event
 * named {@code error} and a field of that name, which llama.cpp sent until 2025, come as {@code
 * {"error": …}}; a body that is one JSON object instead of a stream is the only event. A stream
 * that falls silent for longer than the service's timeout, or outlasts the deadline, is closed.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long the rest of a stream is waited for that has said that it ends. */
  private static final Duration END = Duration.ofSeconds(1);

  private final ServiceClient client;
  private final Deadline deadline;
  private final InputStream body;
  private final Lines lines;
  private String name = "";
  private boolean done;
  private volatile boolean ending;
  private volatile long lastSign = System.nanoTime();
  private volatile boolean silent;
  private volatile ScheduledFuture<?> watch;

  private EventStream(ServiceClient client, InputStream body, Deadline deadline) {
    this.client = client;
    this.deadline = deadline;
    this.body = body;
    this.lines = new Lines(body);
    watchFor(deadline.within(client.settings().timeout()));
  }

  /** Posts JSON and opens the answer as events. */
  public static EventStream open(
      ServiceClient client, String path, Object request, Deadline deadline) {
    return new EventStream(client, client.open(path, request, deadline), deadline);
  }

  /** The next event; empty at the end, be it {@code [DONE]} or the end of the body. */
  public Optional<JsonNode> next() {
    try {
      for (String line = lines.next(); line != null && !done; line = lines.next()) {
        lastSign = System.nanoTime();
        JsonNode event = event(line);
        if (event != null) {
          return Optional.of(event);
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw client.unexpected("an event that is no JSON");
    } catch (InterruptedIOException e) {
      throw client.interrupted(e);
    } catch (IOException e) {
      if (ending) {
        return Optional.empty();
      } else if (deadline.passed()) {
        throw client.timedOut();
      }
      throw client.failure(silent ? "fell silent" : "broke off", e);
    }
  }

  /** Whether another JSON event has arrived already, so that it need not be waited for. */
  public boolean hasMore() {
    try {
      return lines.hasArrived("data: {") || lines.hasArrived("data:{");
    } catch (IOException e) {
      // the next event says what is wrong
      return false;
    }
  }

  /** What the line is by itself; null where it is no event. */
  private JsonNode event(String line) throws IOException {
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).strip();
    switch (field) {
      case "":
        name = line.isEmpty() ? "" : name;
        return null;
      case "event":
        name = value;
        return null;
      case "error":
        return error(value);
      case "data":
        done = "[DONE]".equals(value);
        if (done) {
          return null;
        }
        return "error".equals(name) ? error(value) : JSON.readTree(value);
      default:
        return field.stripLeading().startsWith("{") ? wholeBody(line) : null;
    }
  }

  private static JsonNode error(String value) {
    JsonNode error;
    try {
      error = JSON.readTree(value);
    } catch (JsonProcessingException e) {
      error = JSON.getNodeFactory().textNode(value);
    }
    return error.hasNonNull("error") ? error : JSON.createObjectNode().set("error", error);
  }

  private JsonNode wholeBody(String firstLine) throws IOException {
    StringBuilder body = new StringBuilder(firstLine);
    for (String line = lines.next(); line != null; line = lines.next()) {
      body.append('\n').append(line);
    }
    return JSON.readTree(body.toString());
  }

  /** Whether the server has said {@code [DONE]}. */
  public boolean isDone() {
    return done;
  }

  /**
   * What matters has arrived: of the rest, neither silence nor a broken connection is a failure.
   */
  public void ending() {
    if (!ending) {
      ending = true;
      watch.cancel(false);
      watch = Clock.in(END, this::quietlyCloseBody);
    }
  }

  private void watchFor(Duration delay) {
    watch = Clock.in(delay.plusMillis(1), this::check);
  }

  private void check() {
    Duration left = client.settings().timeout().minusNanos(System.nanoTime() - lastSign);
    if (left.isNegative() || deadline.passed()) {
      silent = true;
      quietlyCloseBody();
    } else {
      watchFor(deadline.within(left));
    }
  }

  @Override
  public void close() {
    watch.cancel(false);
    quietlyCloseBody();
  }

  private void quietlyCloseBody() {
    try {
      body.close();
    } catch (IOException e) {
      // it is gone either way
      return;
    }
  }
}
