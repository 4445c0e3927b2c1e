package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.WebSocketHandshakeException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.SocketClient.Frame;

/** The WebSocket: every call as a frame, and bad frames of every kind. */
class GatewaySocketTest {
  private final Stack stack = Stack.shared();
  private SocketClient client;

  @BeforeEach
  void connect() {
    client = SocketClient.connect(stack.environment);
  }

  @AfterEach
  void leave() {
    client.close();
  }

  @Test
  void answersInTheOrderOfTheAnswer() throws Exception {
    stack.vllm.script(request -> Reply.of("A ", "heron", "."));
    String id = UUID.randomUUID().toString();

    client.send(chat(id));
    List<Frame> frames = client.until("response");

    assertThat(frames)
        .extracting(Frame::type)
        .containsExactly("start", "token", "token", "token", "done", "response");
    assertThat(frames).extracting(Frame::requestId).containsOnly(id);
    assertThat(tokens(frames, id)).isEqualTo("A heron.");
    assertThat(frames.get(5).json())
        .containsEntry("success", true)
        .containsEntry("response", "A heron.")
        .containsEntry("user_id", "local");
  }

  @Test
  void makesAnIdAndSendsTheResponseAloneWhereNoTokensAreWanted() throws Exception {
    stack.vllm.script(request -> Reply.of("A ", "heron", "."));

    client.send(
        Map.of("type", "chat", "message", "What?", "enable_rag", false, "enable_streaming", false));
    Frame frame = client.next();

    assertThat(frame.type()).isEqualTo("response");
    assertThat(frame.json()).containsEntry("response", "A heron.").containsKey("request_id");
  }

  @Test
  void answersSeveralRequestsAtOnce() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(50, "on ").toArray(String[]::new)).every(10_000));
    List<String> ids = List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());

    ids.forEach(id -> client.send(chat(id)));
    List<Frame> frames = client.until("response");
    int firstEnd = frames.size();
    frames.addAll(client.until("response"));

    for (String id : ids) {
      assertThat(tokens(frames, id)).isEqualTo("on ".repeat(50));
      assertThat(tokens(frames.subList(0, firstEnd), id))
          .as("tokens before either is done")
          .isNotEmpty();
    }
  }

  @Test
  void cancelsWhatWasSentJustBefore() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(2000, "on ").toArray(String[]::new)).every(5000));
    String id = UUID.randomUUID().toString();

    client.send(chat(id)).send(Map.of("type", "cancel", "request_id", id));
    List<Frame> frames = client.until("response");

    assertThat(frames).extracting(Frame::type).contains("cancel");
    assertThat(frames.get(frames.size() - 1).json()).containsEntry("finish_reason", "cancelled");
  }

  @Test
  void goesOnWithARequestWhoseConnectionWasLost() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(100, "on ").toArray(String[]::new)).every(5000));
    int abandoned = stack.vllm.abandoned();
    String id = UUID.randomUUID().toString();
    client.send(chat(id));
    List<Frame> first = client.until("token");
    Frame last = first.get(first.size() - 1);
    client.close();

    client = SocketClient.connect(stack.environment);
    client.send(
        Map.of(
            "type",
            "resume",
            "request_id",
            id,
            "attempt",
            last.json().get("attempt"),
            "seq",
            last.json().get("seq")));
    List<Frame> rest = client.until("response");

    assertThat(tokens(first, id) + tokens(rest, id)).isEqualTo("on ".repeat(100));
    assertThat(rest.get(rest.size() - 1).json()).containsEntry("response", "on ".repeat(100));
    assertThat(stack.vllm.abandoned()).isEqualTo(abandoned);
    client.send(Map.of("type", "resume", "request_id", id));
    assertThat(tokens(client.until("response"), id)).isEqualTo("on ".repeat(100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello | invalid_message",
        "`` | invalid_message",
        "[1] | invalid_message",
        "null | invalid_message",
        "\"chat\" | invalid_message",
        "{} | invalid_message",
        "{\"type\": 7} | invalid_message",
        "{\"type\": \"dance\"} | invalid_message",
        "{\"type\": \"chat\"} {} | invalid_message",
        "{\"type\": \"chat\"} | invalid_message",
        "{\"type\": \"chat\", \"message\": 5} | invalid_message",
        "{\"type\": \"chat\", \"message\": \"a\", \"request_id\": \"a b\"} | invalid_message",
        "{\"type\": \"chat\", \"message\": \"a\", \"audio\": \"UklGRg==\"} | invalid_message",
        "{\"type\": \"cancel\"} | invalid_message",
        "{\"type\": \"cancel\", \"request_id\": 7} | invalid_message",
        "{\"type\": \"cancel\", \"request_id\": \"nobodys\"} | not_found",
        "{\"type\": \"cancel\", \"request_id\": \"a b\"} | not_found",
        "{\"type\": \"resume\"} | invalid_message",
        "{\"type\": \"resume\", \"request_id\": \"nobodys\"} | not_found",
        "{\"type\": \"resume\", \"request_id\": \"a\", \"attempt\": 1} | invalid_message",
        "{\"type\": \"resume\", \"request_id\": \"a\", \"attempt\": -1, \"seq\": 0} | invalid_message",
        "{\"type\": \"resume\", \"request_id\": \"a\", \"attempt\": 1, \"seq\": 99999999999} | invalid_message",
        "{\"type\": \"resume\", \"request_id\": \"a\", \"attempt\": \"1\", \"seq\": 0} | invalid_message",
      })
  void tellsOfABadFrameAndGoesOn(String frame, String code) throws Exception {
    client.send(frame == null ? "" : frame);

    Frame told = client.next();
    assertThat(told.type()).isEqualTo("error");
    assertThat(told.error()).containsEntry("code", code).containsEntry("retryable", false);
    goesOn();
  }

  @Test
  void namesTheRequestThatIsWrong() throws Exception {
    client.send(Map.of("type", "chat", "request_id", "mine-1", "message", ""));
    assertThat(client.next().requestId()).isEqualTo("mine-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"4\"", "null", "true", "99999999999"})
  void skipsTheAudioOfAFrameThatItRefused(String bytes) throws Exception {
    client.send("{\"type\": \"chat\", \"message\": \"a\", \"audio_bytes\": " + bytes + "}");
    client.send(new byte[4]);

    assertThat(client.next().error()).containsEntry("code", "invalid_message");
    goesOn();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 100_000})
  void tellsOfAudioThatDoesNotFit(int sent) throws Exception {
    client.send(
        "{\"type\": \"chat\", \"request_id\": \"m-1\", \"message\": \"a\", \"audio_bytes\": 4}");
    client.send(new byte[sent]);

    Frame told = client.next();
    assertThat(told.requestId()).isEqualTo("m-1");
    assertThat(told.error()).containsEntry("code", "invalid_message");
    goesOn();
  }

  @Test
  void tellsOfAudioThatDoesNotCome() throws Exception {
    client.send(
        "{\"type\": \"chat\", \"request_id\": \"m-1\", \"message\": \"a\", \"audio_bytes\": 4}");
    stack.vllm.script(request -> Reply.of("Yes."));
    client.send(chat("after-" + UUID.randomUUID()));

    assertThat(client.next().requestId()).isEqualTo("m-1");
    assertThat(client.until("response")).isNotEmpty();
  }

  @Test
  void takesAMessageInFragments() throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    String frame = "{\"type\": \"chat\", \"message\": \"äöü\", \"enable_rag\": false}";
    client.socket().sendText(frame.substring(0, 30), false).join();
    client.socket().sendPing(java.nio.ByteBuffer.allocate(0)).join();
    client.socket().sendText(frame.substring(30), true).join();

    assertThat(client.until("response")).isNotEmpty();
  }

  @Test
  void refusesAnAnswerThatIsOnItsWayAlready() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(50, "on ").toArray(String[]::new)).every(10_000));
    String id = UUID.randomUUID().toString();
    client.send(chat(id));
    List<Frame> frames = client.until("token");
    client.send(Map.of("type", "resume", "request_id", id));
    frames.addAll(client.until("error"));
    frames.addAll(client.until("response"));

    assertThat(tokens(frames, id)).isEqualTo("on ".repeat(50));
  }

  @Test
  void closesWhereABinaryFrameHasNoJson() throws Exception {
    client.send(new byte[4]);

    assertThat(client.next().error()).containsEntry("code", "invalid_message");
    assertThat(client.closed()).isEqualTo(1003);
  }

  @Test
  void closesWhereATextIsTooLarge() throws Exception {
    client.send("a".repeat(600_000));

    assertThat(client.next().error()).containsEntry("code", "too_large");
    assertThat(client.closed()).isEqualTo(1009);
  }

  @Test
  void closesWhereAFrameIsTooLargeToBeRead() throws Exception {
    client.socket().sendBinary(java.nio.ByteBuffer.wrap(new byte[17_000_000]), true);

    assertThat(client.closed()).isEqualTo(1009);
  }

  @Test
  void knowsNoRequestOfSomebodyElse() throws Exception {
    Map<String, Object> request = Client.request("Mine");
    new Client(stack.nats).ask(request);
    String id = (String) request.get("request_id");

    client.send(Map.of("type", "resume", "request_id", id));
    assertThat(client.next().error()).containsEntry("code", "not_found");
    client.send(Map.of("type", "cancel", "request_id", id));
    assertThat(client.next().error()).containsEntry("code", "not_found");
    client.send(chat(id));
    assertThat(client.next().error()).containsEntry("code", "rejected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "x"})
  void isNotOpenedForAPageOfAnotherSite(String origin) {
    assertThatThrownBy(() -> SocketClient.connect(stack.environment, "Origin", origin))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void isOpenedForAPageOfItsOwn() throws Exception {
    client.close();
    client =
        SocketClient.connect(
            stack.environment,
            "Origin",
            "http://127.0.0.1:" + stack.environment.get("GATEWAY_PORT"));
    goesOn();
  }

  @Test
  void wantsAnUpgrade() throws Exception {
    assertThat(new GatewayClient(stack.environment, null).get("/api/ws").status()).isEqualTo(426);
  }

  private void goesOn() throws Exception {
    client.send(Map.of("type", "cancel", "request_id", "nobodys"));
    assertThat(client.next().error()).containsEntry("code", "not_found");
  }

  private static Map<String, Object> chat(String id) {
    Map<String, Object> frame = new HashMap<>();
    frame.put("type", "chat");
    frame.put("message", "What is it?");
    frame.put("request_id", id);
    frame.put("enable_rag", false);
    return frame;
  }

  private static String tokens(List<Frame> frames, String id) {
    return frames.stream()
        .filter(frame -> "token".equals(frame.type()) && id.equals(frame.requestId()))
        .map(frame -> (String) frame.json().get("content"))
        .collect(Collectors.joining());
  }
}
