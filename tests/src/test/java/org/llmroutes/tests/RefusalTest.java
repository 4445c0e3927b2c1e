package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be answered is refused at once, and kept. */
class RefusalTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);
  private final DeadLetters letters = new DeadLetters(stack.nats);

  @AfterEach
  void unsubscribe() {
    letters.close();
  }

  record Broken(String field, Object value) {
    @Override
    public String toString() {
      String text = String.valueOf(value);
      return field + " = " + (text.length() > 40 ? text.substring(0, 40) + "…" : text);
    }
  }

  static Stream<Broken> broken() {
    return Stream.of(
        new Broken("message", ""),
        new Broken("message", 17),
        new Broken("message", null),
        new Broken("message", "x".repeat(32_769)),
        new Broken("message", new byte[] {1, 2}),
        new Broken("session_id", "with.dots"),
        new Broken("session_id", ""),
        new Broken("collection", "1leading-digit"),
        new Broken("collection", "a\"; drop"),
        new Broken("enable_rag", "yes"),
        new Broken("enable_reranker", 1),
        new Broken("enable_streaming", "no"),
        new Broken("top_k", 0),
        new Broken("top_k", 51),
        new Broken("top_k", 2.5),
        new Broken("filter", "year > 1"),
        new Broken("filter", Map.of("a b", 1)),
        new Broken("filter", Map.of("a", Map.of("b", 1))),
        new Broken("filter", Map.of("a", List.of())),
        new Broken("model", ""),
        new Broken("temperature", 3),
        new Broken("temperature", Double.NaN),
        new Broken("temperature", Double.POSITIVE_INFINITY),
        new Broken("filter", Map.of("a", Double.NaN)),
        new Broken("max_tokens", 0),
        new Broken("language", "${bean:x}"),
        new Broken("timeout_ms", 0),
        new Broken("timestamp", "yesterday"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesAFieldThatBreaksTheSchema(Broken broken) {
    Map<String, Object> request = Client.request("fine");
    request.put(broken.field(), broken.value());
    byte[] payload = Client.pack(request);

    Asked asked = client.ask(client.user, payload, (String) request.get("request_id"));

    assertThat(asked.response()).containsEntry("success", false);
    assertThat(asked.error())
        .containsEntry("code", "invalid_message")
        .containsEntry("retryable", false);
    assertThat((String) asked.error().get("message")).contains(broken.field());
    Message letter = letters.next();
    assertThat(letter.getData()).isEqualTo(payload);
    assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("invalid_message");
    assertThat(letter.getHeaders().getFirst("Dlq-Subject"))
        .isEqualTo("ai.chat.user." + client.user + ".message");
    assertThat(letter.getHeaders().getFirst("Dlq-Delivery-Count")).isEqualTo("1");
    assertThat(letter.getHeaders().getFirst("Dlq-Stream-Sequence")).matches("\\d+");
  }

  static Stream<byte[]> unattributable() {
    return Stream.of(
        new byte[0],
        new byte[] {(byte) 0xc1},
        "{\"request_id\": \"json\"}".getBytes(StandardCharsets.UTF_8),
        Client.pack(List.of("a list")),
        Client.pack(Map.of("message", "no id")),
        Client.pack(Map.of("request_id", 17, "message", "a number")),
        Client.pack(Map.of("request_id", "with.dots", "message", "two tokens")),
        Client.pack(Map.of("request_id", "*", "message", "a wildcard")));
  }

  @ParameterizedTest
  @MethodSource("unattributable")
  void keepsADeadLetterOfWhatCannotBeAttributed(byte[] payload) throws Exception {
    client.send(client.user, payload);

    Message letter = letters.next();
    assertThat(letter.getData()).isEqualTo(payload);
    assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("invalid_message");
    assertNothingIsLeftOf(client.user);
    assertThat(letters.waiting()).isFalse();
  }

  @Test
  void refusesWhatIsNestedTooDeepEvenInAnIgnoredField() {
    Map<String, Object> request = Client.request("deep");
    Object deep = 1;
    for (int i = 0; i < 40; i++) {
      deep = List.of(deep);
    }
    request.put("ignored", deep);

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "invalid_message");
    assertThat((String) asked.error().get("message")).contains("deeper");
    assertThat(letters.next().getHeaders().getFirst("Dlq-Reason")).contains("deeper");
  }

  @Test
  void saysLittleOfWhatIsWrongManyTimes() {
    Map<String, Object> request = Client.request("filtered");
    Map<String, Object> filter = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      filter.put("-" + i, 1);
    }
    request.put("filter", filter);

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "invalid_message");
    assertThat((String) asked.error().get("message")).contains("filter").hasSizeLessThan(1000);
  }

  @Test
  void refusesAnotherUserInTheBody() {
    Map<String, Object> request = Client.request("me");
    request.put("user_id", "somebody-else");

    assertThat(client.ask(request).error()).containsEntry("code", "user_mismatch");
    assertThat(letters.next().getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("user_mismatch");
  }

  /** Over the limit of chat, and over what a text of a message may have. */
  @ParameterizedTest
  @ValueSource(ints = {600 * 1024, 3 * 1024 * 1024})
  void refusesWhatIsTooLarge(int length) {
    Map<String, Object> request = Client.request("x".repeat(length));

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "too_large");
    Message letter = letters.next();
    assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("too_large");
    assertThat(letter.getData()).isEqualTo(Client.pack(request));
  }

  @Test
  void refusesACollectionThatDoesNotExist() {
    Map<String, Object> request = Client.request("where?");
    request.put("collection", "nowhere");

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "rejected");
    assertThat((String) asked.error().get("message")).contains("nowhere");
    assertThat(asked.chunks("error")).hasSize(1);
  }

  @Test
  void answersARequestIdOnlyToTheUserWhoUsedItFirst() throws Exception {
    Map<String, Object> request = Client.request("mine");
    String id = (String) request.get("request_id");
    client.ask(request);
    List<Message> answers = new CopyOnWriteArrayList<>();
    Dispatcher dispatcher = stack.nats.createDispatcher(answers::add);
    dispatcher.subscribe("ai.chat.response." + id);
    stack.nats.flush(Duration.ofSeconds(5));

    client.send("thief-" + UUID.randomUUID(), Client.pack(request));

    assertThat(letters.next().getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("rejected");
    assertThat(client.ask(Client.request("a later one")).response()).containsEntry("success", true);
    assertThat(answers).isEmpty();
    stack.nats.closeDispatcher(dispatcher);
  }

  private void assertNothingIsLeftOf(String user) {
    String subject = "ai.chat.user." + user + ".message";
    await().untilAsserted(() -> assertThat(stack.stored("AI_CHAT", subject)).isZero());
  }

  @Test
  void ignoresFieldsItDoesNotKnow() {
    Map<String, Object> request = Client.request("with extras");
    request.put("unknown", Map.of("anything", List.of(1, 2.5, true)));

    assertThat(client.ask(request).response()).containsEntry("success", true);
  }
}
