package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
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

    assertThat(frames.stream().map(Frame::type).distinct())
        .containsExactly("start", "token", "done", "response");
    assertThat(frames).extracting(Frame::requestId).containsOnly(id);
    assertThat(tokens(frames, id)).isEqualTo("A heron.");
    assertThat(frames.get(frames.size() - 1).json())
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
    CountDownLatch bothBegun = new CountDownLatch(1);
    stack.vllm.script(
        request ->
            Reply.of(Collections.nCopies(50, "on ").toArray(String[]::new))
                .pauseAfter(1, bothBegun));
    List<String> ids = List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());

    ids.forEach(id -> client.send(chat(id)));
    List<Frame> frames = client.until("token");
    frames.addAll(client.until("token"));
    for (String id : ids) {
      assertThat(tokens(frames, id)).as("a token before either is done").isEqualTo("on ");
    }
    bothBegun.countDown();
    frames.addAll(client.until("response"));
    frames.addAll(client.until("response"));

    for (String id : ids) {
      assertThat(tokens(frames, id)).isEqualTo("on ".repeat(50));
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
  void hearsAndSpeaksInBinaryFrames() throws Exception {
    stack.vllm.script(request -> Reply.of("They eat fish."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
    stack.speech.understand(text -> Map.of("text", text));
    byte[] question = FakeSpeech.wav("What do herons eat?");
    String id = UUID.randomUUID().toString();

    client.send(voice(id, question.length)).send(question);
    List<Frame> frames = client.until("response");
    frames.add(client.next());

    assertThat(frames)
        .extracting(frame -> frame.json() == null ? "(binary)" : frame.type())
        .containsExactly(
            "start", "transcription", "token", "audio", "(binary)", "done", "response", "(binary)");
    assertThat(frames.get(1).json()).containsEntry("content", "What do herons eat?");
    for (int i : new int[] {4, 7}) {
      byte[] audio = frames.get(i).audio();
      assertThat(FakeSpeech.text(audio)).isEqualTo("They eat fish.");
      assertThat(frames.get(i - 1).json())
          .containsEntry("audio_bytes", audio.length)
          .containsEntry("request_id", id)
          .doesNotContainKey("audio");
    }
    client.send(Map.of("type", "resume", "request_id", id));
    assertThat(client.until("response")).hasSize(7);
    assertThat(FakeSpeech.text(client.next().audio())).isEqualTo("They eat fish.");
  }

  /** In one frame, as libraries for servers send it, and in fragments, as browsers do. */
  @Test
  void takesAudioThatIsTooLargeForAMessage() throws Exception {
    stack.vllm.script(request -> Reply.of("Fish."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
    stack.speech.understand(text -> Map.of("text", text));
    byte[] question = FakeSpeech.wav("What?" + "\0".repeat(9_000_000));

    client.send(voice("a-" + UUID.randomUUID(), question.length)).send(question);
    List<Frame> frames = client.until("response");
    client.next();
    client.send(voice("b-" + UUID.randomUUID(), question.length));
    for (int from = 0; from < question.length; from += 65_536) {
      int to = Math.min(question.length, from + 65_536);
      ByteBuffer fragment = ByteBuffer.wrap(question, from, to - from);
      client.socket().sendBinary(fragment, to == question.length).join();
    }
    frames.addAll(client.until("response"));

    assertThat(frames)
        .filteredOn(frame -> frame.json() != null && "response".equals(frame.type()))
        .extracting(frame -> frame.json().get("transcription"))
        .containsExactly("What?", "What?");
  }

  @Test
  void refusesAudioThatIsTooLargeAndGoesOn() throws Exception {
    client.send(voice("v-1", 17_000_000));
    Frame told = client.next();

    assertThat(told.requestId()).isEqualTo("v-1");
    assertThat(told.error()).containsEntry("code", "too_large");
    goesOn();
  }

  @Test
  void wantsAudioWithAVoiceRequest() throws Exception {
    client.send(Map.of("type", "voice", "request_id", "v-2"));
    assertThat(client.next().error()).containsEntry("code", "invalid_message");
    client.send(voice("v-3", 0)).send(new byte[0]);
    client.until("response");
    goesOn();
  }

  @Test
  void goesOnWithARequestWhoseConnectionWasLost() throws Exception {
    stack.vllm.script(
        request -> Reply.of(Collections.nCopies(100, "on ").toArray(String[]::new)).every(5000));
    int abandoned = stack.vllm.abandoned();
    String id = UUID.randomUUID().toString();
    client.send(chat(id));
    List<Frame> first = client.until("token");
    client.close();

    client = SocketClient.connect(stack.environment);
    client.resume(first.get(first.size() - 1));
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
    client.socket().sendPing(ByteBuffer.allocate(0)).join();
    client.socket().sendText(frame.substring(30), true).join();

    assertThat(client.until("response")).isNotEmpty();
  }

  @Test
  void refusesAnAnswerThatIsOnItsWayAlready() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    stack.vllm.script(
        request ->
            Reply.of(Collections.nCopies(50, "on ").toArray(String[]::new)).pauseAfter(1, refused));
    String id = UUID.randomUUID().toString();
    client.send(chat(id));
    List<Frame> frames = client.until("token");
    client.send(Map.of("type", "resume", "request_id", id));
    frames.addAll(client.until("error"));
    refused.countDown();
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

  private static Map<String, Object> voice(String id, int bytes) {
    return Map.of("type", "voice", "request_id", id, "enable_rag", false, "audio_bytes", bytes);
  }

  private static String tokens(List<Frame> frames, String id) {
    return frames.stream()
        .filter(frame -> "token".equals(frame.type()) && id.equals(frame.requestId()))
        .map(frame -> (String) frame.json().get("content"))
        .collect(Collectors.joining());
  }
}
