package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.StreamInfoOptions;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.valkey.ValkeyClient;

/** A user's conversations over HTTP: listed, read and deleted. */
class GatewayConversationsTest {
  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);
  private final String session = UUID.randomUUID().toString();

  @Test
  void listsAndShowsWhatWasSaid() throws Exception {
    String collection =
        stack.documents.collectionOf("Herons eat fish. " + "They wait. ".repeat(50));
    ask(Map.of("message", "What do herons eat?", "collection", collection));
    ask(Map.of("message", "And where?", "enable_rag", false));

    assertThat(listed("").get(0))
        .containsEntry("session_id", session)
        .containsEntry("title", "What do herons eat?");
    List<Map<String, Object>> turns = turns();
    assertThat(turns)
        .extracting(turn -> turn.get("question"))
        .containsExactly("What do herons eat?", "And where?");
    assertThat(turns.get(0)).containsEntry("answer", "Yes.").containsEntry("cancelled", false);
    assertThat(list(turns.get(0).get("sources")).get(0))
        .containsEntry("n", 1)
        .containsKeys("document", "title", "score")
        .doesNotContainKey("metadata")
        .extractingByKey("text")
        .asString()
        .startsWith("Herons eat fish. They wait.")
        .endsWith("They…")
        .hasSizeBetween(300, 400);
    assertThat(list(turns.get(1).get("sources"))).isEmpty();
  }

  @Test
  void listsPageByPage() throws Exception {
    ask(Map.of("message", "First", "enable_rag", false));
    String other = UUID.randomUUID().toString();
    ask(Map.of("message", "Second", "enable_rag", false, "session_id", other));

    Answered first = client.get("/api/conversations?limit=1");
    Answered second = client.get("/api/conversations?limit=1&from=" + first.body().get("next"));

    assertThat(sessions(first)).containsExactly(other);
    assertThat(sessions(second)).containsExactly(session);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "limit=", "from=x", "from=1"})
  void refusesAPageThatCannotBe(String query) throws Exception {
    Answered answered = client.get("/api/conversations?" + query);

    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.error()).containsEntry("code", "invalid_message");
  }

  @Test
  void givesOneAnotherTitle() throws Exception {
    ask(Map.of("message", "What is a heron?", "enable_rag", false));

    assertThat(rename(session, Map.of("title", " Long\nlegs ")).status()).isEqualTo(204);
    ask(Map.of("message", "And a stork?", "enable_rag", false));

    assertThat(listed("")).extracting(entry -> entry.get("title")).contains("Long legs");
    assertThat(rename(session, Map.of("title", " ")).status()).isEqualTo(400);
    assertThat(rename("nobodys", Map.of("title", "Mine")).status()).isEqualTo(404);
  }

  private Answered rename(String name, Map<String, Object> title) throws Exception {
    HttpRequest sent = client.json("/api/conversations/" + name, title).build();
    return client.send(
        HttpRequest.newBuilder(sent, (header, value) -> true)
            .method("PATCH", sent.bodyPublisher().orElseThrow()));
  }

  @Test
  void leavesNothingOfADeletedOne() throws Exception {
    String id = ask(Map.of("message", "Forget this", "enable_rag", false));
    assertThat(kept(id)).isNotEmpty();

    assertThat(client.delete("/api/conversations/" + session).status()).isEqualTo(204);

    assertThat(kept(id)).isEmpty();
    assertThat(client.get("/api/requests/" + id).status()).isEqualTo(404);
    assertThat(client.get("/api/conversations/" + session).status()).isEqualTo(404);
    assertThat(listed("")).extracting(entry -> entry.get("session_id")).doesNotContain(session);
    assertThat(client.delete("/api/conversations/" + session).status()).isEqualTo(404);
  }

  /** Its turn would be written after all else is gone. */
  @Test
  void saysWhereSomethingOfItIsInWork() throws Exception {
    stack.vllm.script(
        request -> {
          try {
            return Reply.of("" + client.delete("/api/conversations/" + session).status());
          } catch (Exception e) {
            return Reply.of(e.toString());
          }
        });

    Answered answered =
        client.post(
            "/api/chat", Map.of("message", "Wait", "enable_rag", false, "session_id", session));

    assertThat(answered.body()).containsEntry("response", "409");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobodys", "a%20b", "*", "a:b%7D", "%00", "..%2F"})
  void knowsNoOther(String name) throws Exception {
    assertThat(client.get("/api/conversations/" + name).status()).isEqualTo(404);
    assertThat(client.delete("/api/conversations/" + name).status()).isEqualTo(404);
  }

  @Test
  void isUnavailableWithoutValkey() throws Exception {
    Map<String, String> nowhere = Map.of("VALKEY_URL", "redis://127.0.0.1:" + Ports.free(0));
    try (OwnGateway gateway = new OwnGateway(stack.environment, nowhere)) {
      GatewayClient without = gateway.client(null);

      for (Answered answered :
          List.of(
              without.get("/api/conversations"),
              without.get("/api/conversations/" + session),
              without.delete("/api/conversations/" + session))) {
        assertThat(answered.status()).isEqualTo(503);
        assertThat(answered.error())
            .containsEntry("code", "unavailable")
            .containsEntry("retryable", true);
      }
    }
  }

  private String ask(Map<String, Object> what) throws Exception {
    stack.vllm.script(request -> Reply.of("Yes."));
    Map<String, Object> request = new HashMap<>(what);
    request.putIfAbsent("session_id", session);
    Answered answered = client.post("/api/chat", request);
    assertThat(answered.status()).isEqualTo(200);
    return answered.requestId();
  }

  private List<Map<String, Object>> listed(String query) throws Exception {
    return list(client.get("/api/conversations" + query).body().get("conversations"));
  }

  private static List<Object> sessions(Answered page) {
    return list(page.body().get("conversations")).stream()
        .map(entry -> entry.get("session_id"))
        .toList();
  }

  private List<Map<String, Object>> turns() throws Exception {
    return list(client.get("/api/conversations/" + session).body().get("turns"));
  }

  @SuppressWarnings("unchecked") // as the API says
  private static List<Map<String, Object>> list(Object value) {
    return (List<Map<String, Object>>) value;
  }

  /** Subjects and keys that speak of the request or its session. */
  private List<String> kept(String id) throws Exception {
    Stream<String> subjects = Stream.empty();
    for (String stream : List.of("KV_turns", "AI_RESPONSES", "AI_STREAMS")) {
      subjects =
          Stream.concat(
              subjects,
              stack
                  .nats
                  .jetStreamManagement()
                  .getStreamInfo(stream, StreamInfoOptions.allSubjects())
                  .getStreamState()
                  .getSubjects()
                  .stream()
                  .map(subject -> subject.getName())
                  .filter(subject -> subject.endsWith(id)));
    }
    return Stream.concat(subjects, keys().stream()).toList();
  }

  private Set<String> keys() {
    try (ValkeyClient valkey =
        new ValkeyClient(ValkeySettings.at(stack.environment.get("VALKEY_URL")))) {
      return valkey.ask(ValkeyClient.COMMANDS.keys("*" + session + "*"));
    }
  }
}
