package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of the gateway's WebSocket that knows JSON and nothing of our code. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream audio = new ByteArrayOutputStream();
  private final WebSocket socket;

  /** A text with its JSON, or audio. */
  record Frame(Map<String, Object> json, byte[] audio) {
    String type() {
      return (String) json.get("type");
    }

    Object requestId() {
      return json.get("request_id");
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> error() {
      return (Map<String, Object>) json.get("error");
    }

    /** A chunk of type error has an attempt, and a response after it. */
    boolean isRefusal() {
      return json != null && "error".equals(type()) && !json.containsKey("attempt");
    }
  }

  private SocketClient(Map<String, String> environment, Consumer<WebSocket.Builder> headers) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    headers.accept(builder);
    URI address = URI.create("ws://127.0.0.1:" + environment.get("GATEWAY_PORT") + "/api/ws");
    socket = builder.buildAsync(address, this).join();
  }

  static SocketClient connect(Map<String, String> environment) {
    return new SocketClient(environment, headers -> {});
  }

  /**
   * @throws java.util.concurrent.CompletionException where it is refused
   */
  static SocketClient connect(Map<String, String> environment, String header, String value) {
    return new SocketClient(environment, headers -> headers.header(header, value));
  }

  WebSocket socket() {
    return socket;
  }

  SocketClient send(Map<String, Object> frame) {
    try {
      return send(JSON.writeValueAsString(frame));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SocketClient send(String frame) {
    socket.sendText(frame, true).join();
    return this;
  }

  SocketClient send(byte[] frame) {
    socket.sendBinary(ByteBuffer.wrap(frame), true).join();
    return this;
  }

  /** Asks for what comes after a frame of an answer. */
  SocketClient resume(Frame last) {
    return send(
        Map.of(
            "type",
            "resume",
            "request_id",
            last.requestId(),
            "attempt",
            last.json().get("attempt"),
            "seq",
            last.json().get("seq")));
  }

  Frame next() throws InterruptedException {
    Frame frame = frames.poll(60, TimeUnit.SECONDS);
    assertThat(frame).as("a frame within a minute").isNotNull();
    return frame;
  }

  /** Frames up to the first of a type, with it; a frame that says that it will not come fails. */
  List<Frame> until(String type) throws InterruptedException {
    List<Frame> read = new ArrayList<>();
    do {
      Frame next = next();
      assertThat("error".equals(type) || !next.isRefusal() ? null : next.error())
          .as("an error in place of " + type)
          .isNull();
      read.add(next);
    } while (read.get(read.size() - 1).json() == null
        || !type.equals(read.get(read.size() - 1).type()));
    return read;
  }

  /** Adds what has come already. */
  void rest(List<Frame> read) {
    frames.drainTo(read);
  }

  /** The code that it is closed with. */
  int closed() throws Exception {
    return closed.get(60, TimeUnit.SECONDS);
  }

  /** Goes away without a word. */
  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      try {
        frames.add(new Frame(JSON.readValue(text.toString(), new TypeReference<>() {}), null));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    audio.writeBytes(bytes);
    if (last) {
      frames.add(new Frame(null, audio.toByteArray()));
      audio.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
