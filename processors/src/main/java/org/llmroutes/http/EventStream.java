package org.llmroutes.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The JSON events of a server-sent event stream, each as soon as its line has arrived. A stream
 * that falls silent for longer than the service's timeout, or outlasts the deadline, is closed.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceClient client;
  private final Deadline deadline;
  private final InputStream body;
  private final BufferedReader lines;
  private volatile long lastSign = System.nanoTime();
  private volatile boolean silent;
  private volatile ScheduledFuture<?> watch;

  private EventStream(ServiceClient client, InputStream body, Deadline deadline) {
    this.client = client;
    this.deadline = deadline;
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
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
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        lastSign = System.nanoTime();
        if (line.startsWith("data:")) {
          String data = line.substring(5).strip();
          return "[DONE]".equals(data) ? Optional.empty() : Optional.of(JSON.readTree(data));
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw client.unexpected("an event that is no JSON");
    } catch (InterruptedIOException e) {
      throw client.interrupted(e);
    } catch (IOException e) {
      if (deadline.passed()) {
        throw client.timedOut();
      }
      throw client.failure(silent ? "fell silent" : "broke off", e);
    }
  }

  private void watchFor(Duration delay) {
    watch = Alarm.CLOCK.schedule(this::check, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
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
