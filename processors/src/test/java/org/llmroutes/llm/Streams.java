package org.llmroutes.llm;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;

/** Requests, and streams written byte by byte. */
final class Streams {
  static final List<ChatMessage> MESSAGES = List.of(new ChatMessage("user", "Hello?"));
  static final CompletionRequest REQUEST = new CompletionRequest(MESSAGES, "m", null, null);

  private Streams() {}

  static ServiceSettings settings(String url, String model, Duration timeout) {
    return new ServiceSettings("llm", url, "openai", model, "", timeout, 0, Resilience.attempts(3));
  }

  static String token(String text) {
    return "data: {\"model\":\"x\",\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }

  static String finish(String reason) {
    return "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";
  }

  /** Sends a stream in packets of so many bytes. */
  static void write(HttpExchange exchange, String stream, int packet) throws IOException {
    if (exchange.getResponseCode() < 0) {
      exchange.getResponseHeaders().set("content-type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
    }
    OutputStream out = exchange.getResponseBody();
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += packet) {
      out.write(bytes, from, Math.min(packet, bytes.length - from));
      out.flush();
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }
}
