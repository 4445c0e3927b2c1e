package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.testing.Threads;

/** The event stream as it comes over the wire. */
@Timeout(20)
class ChatStreamBytesTest {
  private final JsonServer server = new JsonServer(0);
  private final List<String> tokens = new ArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  private Completion stream(String events, int packet) {
    server.handle(
        "/chat/completions", (request, exchange) -> Streams.write(exchange, events, packet));
    ChatModel model =
        new OpenAiChatModel(Streams.settings(server.url(), "m", Duration.ofSeconds(10)));
    return model.stream(Streams.REQUEST, Deadline.never(), tokens::add);
  }

  private void outage(String events, String message) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> stream(events, 1000))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void packetsMayEndAnywhere(int packet) {
    String events =
        Streams.token("grün ")
            + Streams.token("日本 ")
            + Streams.token("🎉")
            + Streams.finish("stop");
    assertThat(stream(events + "data: [DONE]\n\n", packet).text()).isEqualTo("grün 日本 🎉");
    assertThat(tokens).containsExactly("grün ", "日本 ", "🎉");
  }

  @Test
  void commentsAndOtherFieldsAreNoTokens() {
    String events =
        ": keep-alive\n\n"
            + "event: message\nid: 7\nretry: 10\n"
            + Streams.token("a").replace("\n", "\r\n")
            + ": keep-alive\r\n\r\n"
            + Streams.token("b").replace("data: ", "data:")
            + Streams.finish("stop");
    assertThat(stream(events, 1000).text()).isEqualTo("ab");
  }

  @ParameterizedTest
  @CsvSource({"stop, stop", "length, length", "tool_calls, stop", "content_filter, stop"})
  void whyItEnded(String reported, String expected) {
    Completion completion = stream(Streams.token("a") + Streams.finish(reported), 1000);
    assertThat(completion.finishReason()).isEqualTo(expected);
    assertThat(completion.promptTokens()).as("usage that nobody reported").isEqualTo(-1);
    assertThat(completion.completionTokens()).isEqualTo(-1);
  }

  @Test
  void anErrorInTheStream() {
    outage(
        Streams.token("a") + "data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n",
        "out of memory");
    assertThat(tokens).containsExactly("a");
  }

  @Test
  void anEventThatIsNoJson() {
    outage(Streams.token("a") + "data: {\"choices\": [\n\n", "no JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data: [DONE]\n\n"})
  void anEndWithoutAReason(String end) {
    outage(Streams.token("a") + end, "ended its stream before the answer");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatBreaks(boolean afterAToken) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> peer =
          CompletableFuture.runAsync(
              () -> breakOff(listening, afterAToken ? 1 : 3, afterAToken), Threads::start);
      String url = "http://127.0.0.1:" + listening.getLocalPort();
      ChatModel model = new OpenAiChatModel(Streams.settings(url, "m", Duration.ofSeconds(10)));

      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> model.stream(Streams.REQUEST, Deadline.never(), tokens::add))
          .withMessage("llm broke off")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      assertThat(peer).as("all connections were asked for").succeedsWithin(Duration.ofSeconds(5));
      assertThat(tokens).hasSize(afterAToken ? 1 : 0);
    }
  }

  private static void breakOff(ServerSocket listening, int times, boolean afterAToken) {
    for (int i = 0; i < times; i++) {
      try (Socket socket = listening.accept()) {
        String event = afterAToken ? Streams.token("a") : ": nothing yet\n";
        String answer =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n"
                .formatted(event.length(), event);
        assertThat(socket.getInputStream().read(new byte[8192])).isPositive();
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
