package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.JsonServer;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.retrieval.EmbeddingSpace;

/**
 * An answer comes without the services it can do without, and says so; with them back, it is whole
 * again.
 */
class DegradedTest {
  private static final String HERONS = "Herons eat fish.";
  private static Stack stack;
  private static String collection;

  private final Client client = new Client(stack.nats);

  @BeforeAll
  static void start() {
    stack = new Stack();
    collection = stack.documents.collectionOf(HERONS, "Yeast makes carbon dioxide.");
  }

  @BeforeEach
  void letTheLlmAnswer() {
    stack.vllm.script(request -> Reply.of("So it is."));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void searchesByWordsWithoutEmbeddings() {
    stack.embeddings.close();

    Asked asked = ask("What do herons eat?");

    stack.reviveEmbeddings();
    assertThat(asked.degraded()).isEqualTo(List.of("embed"));
    assertThat(asked.sources().get(0)).containsEntry("text", HERONS);
    await().until(() -> ask("What do herons eat?").degraded().isEmpty());
  }

  @Test
  void searchesByWordsWhereTheVectorsAreOfAnotherModel() {
    String other = stack.documents.collectionOf(new EmbeddingSpace("e5-small", 384, ""), HERONS);
    Map<String, Object> request = Client.request("What do herons eat?");
    request.put("collection", other);

    Asked asked = client.ask(request);

    assertThat(asked.degraded()).isEqualTo(List.of("embed"));
    assertThat(asked.sources())
        .singleElement()
        .satisfies(s -> assertThat(s).containsEntry("text", HERONS));
  }

  @Test
  void keepsTheOrderOfTheSearchWithoutReranker() {
    stack.reranker.close();

    Asked asked = ask("What do herons eat?");

    stack.reviveReranker();
    assertThat(asked.degraded()).isEqualTo(List.of("rerank"));
    assertThat(asked.sources()).hasSize(2);
  }

  @Test
  void answersWithoutSourcesWhileMilvusIsAway() {
    stack.milvus.kill();

    Asked asked = ask("What do herons eat?");

    assertThat(asked.response()).containsEntry("success", true).containsEntry("used_rag", false);
    assertThat(asked.degraded()).isEqualTo(List.of("search"));
    assertThat(asked.sources()).isEmpty();
    stack.milvus.start();
    await().until(() -> ask("And now?").degraded().isEmpty());
  }

  @Test
  void answersWithoutHistoryWhileValkeyIsAway() {
    stack.valkey.kill();

    Asked asked = ask("Do you remember?");

    assertThat(asked.response()).containsEntry("success", true);
    assertThat(asked.degraded()).isEqualTo(List.of("history"));
    stack.valkey.start();
    await().until(() -> ask("And now?").degraded().isEmpty());
  }

  @Test
  void refusesWhileDeadLettersCannotBeKeptAndKeepsThemLater() throws Exception {
    Map<String, Object> request = Client.request("");
    List<Message> heard = new CopyOnWriteArrayList<>();
    Dispatcher dispatcher = stack.nats.createDispatcher(heard::add);
    dispatcher.subscribe("ai.chat.response." + request.get("request_id"));
    stack.nats.jetStreamManagement().deleteStream("AI_DLQ");

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "invalid_message");
    Ledger ledger = new Ledger(stack.nats);
    await().until(() -> ledger.begun((String) request.get("request_id")) > 1);
    NatsSetup.apply(stack.nats, Project.root().resolve("config/nats"));
    await()
        .until(
            () ->
                stack
                        .nats
                        .jetStreamManagement()
                        .getStreamInfo("AI_DLQ")
                        .getStreamState()
                        .getMsgCount()
                    == 1);
    await().untilAsserted(() -> assertThat(heard).hasSize(1));
    stack.nats.closeDispatcher(dispatcher);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 404, 413, 422, 500, 501})
  void whateverTheEmbeddingServiceSays(int status) {
    stack.embeddings.close();
    JsonServer refusing = saying(status, stack.embeddings.port());

    Asked asked = ask("What do herons eat?");

    refusing.close();
    stack.reviveEmbeddings();
    assertThat(asked.response()).containsEntry("success", true);
    assertThat(asked.degraded()).isEqualTo(List.of("embed"));
    assertThat(asked.sources().get(0)).containsEntry("text", "Herons eat fish.");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403, 404, 413, 422, 501, 503})
  void whateverTheRerankerSays(int status) {
    stack.reranker.close();
    JsonServer refusing = saying(status, stack.reranker.port());

    Asked asked = ask("What do herons eat?");

    refusing.close();
    stack.reviveReranker();
    assertThat(asked.response()).containsEntry("success", true);
    assertThat(asked.degraded()).isEqualTo(List.of("rerank"));
    assertThat(asked.sources()).hasSize(2);
  }

  @Test
  void takesTheMessageForTheQuestionWhereItCannotBeRewritten() {
    ask("What do herons eat?");
    stack.vllm.script(
        request ->
            request.path("stream").asBoolean() ? Reply.of("And ", "frogs.") : Reply.failing(400));

    Asked asked = ask("And herons, what else?");

    assertThat(asked.text()).isEqualTo("And frogs.");
    assertThat(asked.degraded()).isEqualTo(List.of("rewrite"));
  }

  @Test
  void aModelThatIsSlowToRewriteLeavesTimeForTheAnswer() {
    ask("What do herons eat?");
    CountDownLatch answered = new CountDownLatch(1);
    stack.vllm.script(
        request -> {
          if (request.path("stream").asBoolean()) {
            return Reply.of("Frogs.");
          }
          await().until(() -> answered.getCount() == 0);
          return Reply.of("late");
        });
    Map<String, Object> request = Client.request("And what else?");
    request.put("timeout_ms", 8000);

    Asked asked = client.ask(request);

    answered.countDown();
    assertThat(asked.text()).isEqualTo("Frogs.");
    assertThat(asked.degraded()).isEqualTo(List.of("rewrite"));
  }

  /** A server of no path that is asked for, or of another kind where it says 200. */
  private static JsonServer saying(int status, int port) {
    JsonServer server = new JsonServer(port);
    server.handle(
        "/",
        (request, exchange) ->
            JsonServer.send(exchange, status, JsonServer.error("test", "not here")));
    return server;
  }

  private Asked ask(String question) {
    Map<String, Object> request = Client.request(question);
    request.put("collection", collection);
    return client.ask(request);
  }
}
