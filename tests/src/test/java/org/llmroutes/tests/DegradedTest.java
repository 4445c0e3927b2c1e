package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An answer comes without the services it can do without, and says so; with them back, it is whole
 * again.
 */
class DegradedTest {
  private static Stack stack;
  private static String collection;

  private final Client client = new Client(stack.nats);

  @BeforeAll
  static void start() {
    stack = new Stack();
    collection = stack.documents.collectionOf("Herons eat fish.", "Yeast makes carbon dioxide.");
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
    assertThat(asked.sources().get(0)).containsEntry("text", "Herons eat fish.");
    await().until(() -> ask("What do herons eat?").degraded().isEmpty());
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
    await().atMost(Duration.ofSeconds(60)).until(() -> ask("And now?").degraded().isEmpty());
  }

  @Test
  void answersWithoutHistoryWhileValkeyIsAway() {
    stack.valkey.kill();

    Asked asked = ask("Do you remember?");

    assertThat(asked.response()).containsEntry("success", true);
    assertThat(asked.degraded()).isEqualTo(List.of("history"));
    stack.valkey.start();
    await().atMost(Duration.ofSeconds(60)).until(() -> ask("And now?").degraded().isEmpty());
  }

  private Asked ask(String question) {
    Map<String, Object> request = Client.request(question);
    request.put("collection", collection);
    return client.ask(request);
  }
}
