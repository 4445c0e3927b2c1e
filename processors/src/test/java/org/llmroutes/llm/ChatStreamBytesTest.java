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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final String DONE = "data: [DONE]\n\n";

  private final List<String> tokens = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void stop() {
    server.close();
  }

  private Completion stream(String events, int packet) {
    server.handle(
        "/chat/completions",
        (request, exchange) -> {
          asked.incrementAndGet();
          Streams.write(exchange, events, packet);
        });
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
    assertThat(String.join("", tokens)).isEqualTo("grün 日本 🎉");
  }

  @Test
  void whatHasArrivedTogetherIsHandedOutTogether() {
    String events = Streams.token("a") + Streams.token("b") + Streams.token("c").strip();
    assertThat(stream(events + "\n\n" + Streams.finish("stop") + DONE, 1000).text())
        .isEqualTo("abc");
    assertThat(tokens).containsExactly("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data: {\"model\"", ": keep-alive\n", "event: message\n", "\r\n"})
  void aLoneTokenIsNotHeldForWhatHasNotCome(String begun) throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    server.handle(
        "/chat/completions",
        (request, exchange) -> {
          Streams.write(exchange, Streams.token("a") + begun, 1000);
          assertThat(heard.await(10, TimeUnit.SECONDS)).as("handed out at once").isTrue();
          String rest = Streams.token("b") + Streams.finish("stop") + DONE;
          Streams.write(
              exchange, begun.startsWith("data") ? rest.substring(begun.length()) : rest, 1000);
          exchange.close();
        });
    ChatModel model =
        new OpenAiChatModel(Streams.settings(server.url(), "m", Duration.ofSeconds(10)));

    Completion completion =
        model.stream(
            Streams.REQUEST,
            Deadline.never(),
            token -> {
              tokens.add(token);
              heard.countDown();
            });

    assertThat(tokens).startsWith("a");
    assertThat(completion.text()).isEqualTo("ab");
  }

  @Test
  void whatWasSaidSoFarIsNotSaidAgain() {
    String beside =
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"message\":{\"content\":\"a\"}}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"message\":{\"content\":\"ab\"}}]}\n\n";
    String atTheEnd =
        "data: {\"choices\":[{\"message\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]}\n\n";
    assertThat(stream(beside + atTheEnd + DONE, 1000).text()).isEqualTo("ab");
  }

  @Test
  void aCharacterIsHandedOutWhole() {
    String halves = Streams.token("a\\ud83d") + Streams.token("\\ude00b");
    assertThat(stream(halves + Streams.finish("stop"), 1000).text()).isEqualTo("a\ud83d\ude00b");
    assertThat(tokens).containsExactly("a\ud83d\ude00b");
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
  @CsvSource({
    "stop, stop",
    "eos_token, stop",
    "end_turn, stop",
    "tool_calls, stop",
    "function_call, stop",
    "content_filter, stop",
    "length, length",
    "max_tokens, length",
    "MAX_TOKENS, length",
    "model_length, length"
  })
  void whyItEnded(String reported, String expected) {
    Completion completion = stream(Streams.token("a") + Streams.finish(reported), 1000);
    assertThat(completion.finishReason()).isEqualTo(expected);
    assertThat(completion.promptTokens()).as("usage that nobody reported").isEqualTo(-1);
    assertThat(completion.completionTokens()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "error", "cancelled", "insufficient_system_resource"})
  void anEndThatIsNone(String reported) {
    outage(Streams.token("a") + Streams.finish(reported) + DONE, "gave up");
  }

  @Test
  void doneIsAnEndWithoutAReason() {
    assertThat(stream(Streams.token("a") + DONE, 1000).finishReason()).isEqualTo("stop");
  }

  @Test
  void theEndOfTheBodyIsNone() {
    outage(Streams.token("a"), "ended its stream before the answer");
  }

  @Test
  void reasonsThatAreEmptyAreNone() {
    String token = Streams.token("a").replace("}]}", "},\"finish_reason\":\"\"}]}");
    outage(token.replace("}},", "},"), "ended its stream before the answer");
  }

  @Test
  void theAnswerIsWholeOnceItsReasonHasCome() throws Exception {
    server.handle(
        "/chat/completions",
        (request, exchange) -> {
          Streams.write(exchange, Streams.token("a") + Streams.finish("stop"), 1000);
          new CountDownLatch(1).await();
        });
    ChatModel model =
        new OpenAiChatModel(Streams.settings(server.url(), "m", Duration.ofMinutes(5)));
    assertThat(model.stream(Streams.REQUEST, Deadline.never(), tokens::add).text()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n",
        "data: {\"error\":\"out of memory\",\"error_type\":\"generation\"}\n\n",
        "data: {\"object\":\"error\",\"message\":\"out of memory\",\"code\":500}\n\n",
        "error: {\"code\":500,\"message\":\"out of memory\"}\n\n",
        "event: error\ndata: {\"message\":\"out of memory\"}\n\n",
        "event: error\ndata: out of memory\n\n",
      })
  void anErrorInTheStream(String error) {
    outage(Streams.token("a") + error + DONE, "out of memory");
    assertThat(tokens).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":{\"message\":\"no such thing\",\"type\":\"BadRequestError\",\"code\":400}}\n\n",
        "error: {\"code\":400,\"message\":\"no such thing\",\"type\":\"invalid_request_error\"}\n\n",
        "{\n \"error\": {\"code\": 400, \"message\": \"no such thing\"}\n}",
      })
  void aRefusalInTheStream(String refusal) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> stream(refusal + DONE, 1000))
        .withMessageContaining("no such thing")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    assertThat(asked).as("calls").hasValue(1);
  }

  @Test
  void whatMayPassIsTriedAgainBeforeTheFirstToken() {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> stream("data: {\"error\":{\"message\":\"busy\",\"code\":429}}\n\n", 1000))
        .withMessageContaining("busy");
    assertThat(asked).as("calls").hasValueGreaterThan(1);
  }

  @Test
  void anErrorThatIsNullIsNone() {
    String token = Streams.token("a").replace("{\"model\"", "{\"error\":null,\"model\"");
    assertThat(stream(token + Streams.finish("stop"), 1000).text()).isEqualTo("a");
  }

  @Test
  void anAnswerInOnePieceIsAnAnswer() {
    String body =
        "{\"choices\":[{\"message\":{\"content\":\"<think>b</think>a\"},\"finish_reason\":\"stop\"}]}";
    assertThat(stream(body, 1000).text()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning", "thinking"})
  void thoughtsThatAreKeptApartAreNoAnswer(String field) {
    String thought =
        Streams.token("hm").replace("\"content\"", "\"content\":null,\"" + field + "\"");
    assertThat(stream(thought + Streams.token("a") + Streams.finish("stop"), 1000).text())
        .isEqualTo("a");
    assertThat(tokens).containsExactly("a");
  }

  @Test
  void contentInPartsIsReadByTheirTypes() {
    String parts =
        "[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"a\"}]";
    assertThat(
            stream(Streams.token("x").replace("\"x\"}", parts + "}") + Streams.finish("stop"), 1000)
                .text())
        .isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource({
    "length, REJECTED, max_tokens",
    "content_filter, REJECTED, content filter",
    "stop, UNAVAILABLE, without an answer",
    "tool_calls, UNAVAILABLE, without an answer"
  })
  void thoughtsAloneAreNoAnswer(String reported, ErrorCode code, String message) {
    String events = Streams.token("<think>hm") + Streams.finish(reported) + DONE;
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> stream(events, 1000))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    assertThat(asked).as("calls").hasValue(1);
  }

  @Test
  void whiteSpaceIsNoAnswer() {
    outage(Streams.token("\\n ") + Streams.finish("stop"), "ended without an answer");
    assertThat(tokens).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", DONE, ": nothing\n\n" + DONE})
  void nothingAtAllIsNoAnswer(String events) {
    outage(events, "ended without an answer");
    assertThat(asked).as("calls").hasValue(1);
  }

  @Test
  void anEventThatIsNoJson() {
    outage(Streams.token("a") + "data: {\"choices\": [\n\n", "no JSON");
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
