package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Message;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** The same request as MessagePack libraries of other languages write it. */
class ClientFormsTest {
  private static final List<String> OPTIONAL =
      List.of(
          "user_id",
          "session_id",
          "collection",
          "enable_rag",
          "enable_reranker",
          "enable_streaming",
          "top_k",
          "filter",
          "model",
          "temperature",
          "max_tokens",
          "language",
          "timeout_ms",
          "timestamp");

  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  interface Fields {
    void pack(MessageBufferPacker packer) throws IOException;
  }

  @Test
  void optionalFieldsThatAreNilAreAsIfLeftOut() {
    Map<String, Object> request = Client.request("Nothing else");
    OPTIONAL.forEach(field -> request.put(field, null));

    Asked asked = client.ask(request);

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("session_id", client.user);
    assertThat(asked.chunks("token")).isNotEmpty();
  }

  @Test
  void optionalFieldsOfVoiceThatAreNilAreAsIfLeftOut() {
    stack.vllm.script(asked -> FakeVllm.Reply.of("Heard."));
    Map<String, Object> request = Client.voiceRequest("Nothing else");
    OPTIONAL.stream()
        .filter(field -> !"enable_rag".equals(field))
        .forEach(f -> request.put(f, null));
    List.of("audio_ref", "format", "voice", "response_format", "text_only", "interrupt")
        .forEach(field -> request.put(field, null));

    Asked asked = Client.ofVoice(stack.nats).ask(request);

    assertThat(asked.response()).containsEntry("success", true).containsEntry("format", "wav");
  }

  @Test
  void aFilterForNothingIsNoFilter() {
    Map<String, Object> request = Client.request("Any of them");
    Map<String, Object> filter = new HashMap<>();
    filter.put("lang", null);
    request.put("filter", filter);

    assertThat(client.ask(request).response()).containsEntry("success", true);
  }

  static Stream<Fields> unusualForms() {
    return Stream.of(
        packer -> packer.packString("top_k").packDouble(5.0),
        packer -> packer.packString("top_k").packFloat(5.0f),
        packer -> packer.packString("max_tokens").packDouble(64.0),
        packer -> packer.packString("timeout_ms").packDouble(1e300),
        packer -> packer.packString("timeout_ms").packBigInteger(BigInteger.ONE.shiftLeft(63)),
        packer -> packer.packString("temperature").packInt(1),
        packer -> packer.packString("timestamp").packTimestamp(Instant.now()));
  }

  @ParameterizedTest
  @MethodSource("unusualForms")
  void otherFormsOfTheSameValueAreTaken(Fields field) throws IOException {
    Asked asked = ask(field);

    assertThat(asked.response()).containsEntry("success", true);
    assertThat(stack.vllm.requests().get(stack.vllm.requests().size() - 1).toString())
        .doesNotContain("64.0");
  }

  static Stream<Fields> otherValues() {
    return Stream.of(
        packer -> packer.packString("top_k").packString("5"),
        packer -> packer.packString("top_k").packDouble(5.5),
        packer -> packer.packString("top_k").packBigInteger(BigInteger.ONE.shiftLeft(63)),
        packer -> packer.packString("top_k").packLong(Long.MIN_VALUE),
        packer -> packer.packString("enable_rag").packInt(1),
        packer -> packer.packString("enable_rag").packString("true"),
        packer -> packer.packString("session_id").packInt(7),
        packer -> packer.packString("model").packBinaryHeader(1).addPayload(new byte[] {'m'}));
  }

  @ParameterizedTest
  @MethodSource("otherValues")
  void valuesOfAnotherTypeAreNamed(Fields field) throws IOException {
    Asked asked = ask(field);

    assertThat(asked.error()).containsEntry("code", "invalid_message");
    assertThat((String) asked.error().get("message"))
        .matches(
            "(top_k|enable_rag|session_id|model): .*(integer|boolean|string|maximum|minimum).*");
  }

  @Test
  void keysOfTheTypeBinAreToldToTheirSender() throws Exception {
    String id = UUID.randomUUID().toString();
    byte[] payload =
        packed(
            packer -> {
              packer.packMapHeader(2);
              for (String text : List.of("request_id", id, "message", "Bytes all over")) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                packer.packBinaryHeader(utf8.length).addPayload(utf8);
              }
            });

    Asked asked = client.ask(client.user, payload, id);

    assertThat(asked.error()).containsEntry("code", "invalid_message");
    assertThat((String) asked.error().get("message")).contains("key", "bin");
  }

  @Test
  void bytesInAStringAreToldToTheirSender() throws Exception {
    String id = UUID.randomUUID().toString();
    byte[] payload =
        packed(
            packer -> {
              packer.packMapHeader(2).packString("request_id").packString(id);
              packer.packString("message").packRawStringHeader(1).addPayload(new byte[] {-1});
            });

    Asked asked = client.ask(client.user, payload, id);

    assertThat((String) asked.error().get("message")).contains("UTF-8", "bin");
  }

  /** The letter holds what fits beside its headers, and the answer does not wait for it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 64, 300, 1024})
  void aRequestAsLargeAsTheServerTakesIsAnsweredAndKept(int below) throws Exception {
    String id = UUID.randomUUID().toString();
    byte[] payload = ofSize(id, (8 << 20) - below);
    Client voice = Client.ofVoice(stack.nats);
    try (DeadLetters letters = new DeadLetters(stack.nats, "voice")) {
      Asked asked =
          voice.listen(
              id, () -> stack.nats.publish("ai.voice.user." + voice.user + ".request", payload));

      assertThat(asked.error()).containsEntry("code", "invalid_message");
      Message letter = letters.next();
      assertThat(payload).startsWith(letter.getData());
      assertThat(letter.getData().length).isGreaterThan(payload.length - 1024);
      assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("invalid_message");
      assertThat(letter.getHeaders().getFirst("Dlq-Original-Bytes"))
          .isEqualTo(
              letter.getData().length == payload.length ? null : String.valueOf(payload.length));
    }
    String subject = "ai.voice.user." + voice.user + ".request";
    await().untilAsserted(() -> assertThat(stack.stored("AI_VOICE", subject)).isZero());
  }

  private static byte[] ofSize(String id, int bytes) {
    Fields head =
        packer -> {
          packer.packMapHeader(3).packString("request_id").packString(id);
          packer.packString("format").packString("wav");
          packer.packString("audio");
        };
    int audio = bytes - packed(head).length - 5;
    return packed(
        packer -> {
          head.pack(packer);
          packer.packBinaryHeader(audio).addPayload(new byte[audio]);
        });
  }

  private Asked ask(Fields field) throws IOException {
    String id = UUID.randomUUID().toString();
    byte[] payload =
        packed(
            packer -> {
              packer.packMapHeader(3).packString("request_id").packString(id);
              packer.packString("message").packString("In another form");
              field.pack(packer);
            });
    return client.ask(client.user, payload, id);
  }

  private static byte[] packed(Fields fields) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      fields.pack(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
