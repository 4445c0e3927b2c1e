package org.llmroutes.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.testing.Scratch;
import org.llmroutes.valkey.ValkeyClient;

/** What a conversation remembers, in the real Valkey. */
class ConversationStoreTest {
  private static final ValkeyServer VALKEY = new ValkeyServer(Scratch.folder("valkey"), 0);
  private static final Duration HOUR = Duration.ofHours(1);
  private static ConversationStore store;
  private static ConversationList list;

  private final String user = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    VALKEY.start();
    store = new ConversationStore(ValkeySettings.at(VALKEY.url()), 5, HOUR);
    list = new ConversationList(store);
  }

  @AfterAll
  static void stop() {
    store.close();
    VALKEY.close();
  }

  private static SavedTurn turn(String question) {
    return new SavedTurn(question, "answer to " + question, false);
  }

  private void append(String requestId, long arrived) {
    store.append(user, "s", requestId, arrived, turn(requestId), List.of(), () -> {});
  }

  private List<String> questions(int turns) {
    return store.newest(user, "s", turns).stream().map(SavedTurn::question).toList();
  }

  @Test
  void aTurnComesBackAsItWas() {
    SavedTurn turn = new SavedTurn("wörüm? \"\n 🎉", "dårum \\ {}", true);
    store.append(user, "s", "r", 1, turn, List.of(), () -> {});
    assertThat(store.newest(user, "s", 5)).containsExactly(turn);
  }

  @Test
  void theSameRequestAgainChangesNothing() {
    append("a", 1);
    append("b", 2);
    store.append(user, "s", "a", 3, turn("another"), List.of(), () -> {});
    assertThat(questions(5)).containsExactly("a", "b");
  }

  @Test
  void aTurnIsOnItsWayBeforeWhatIsDoneMeanwhile() {
    Runnable asking = () -> await().until(() -> questions(5).contains("a"));
    store.append(user, "s", "a", 1, turn("a"), List.of(), asking);
  }

  /** Turns of one session run at the same time and are saved when they end. */
  @Test
  void orderedByArrivalNotByTheEnd() {
    append("second", 2000);
    append("first", 1000);
    append("third", 10_000);
    assertThat(questions(5)).containsExactly("first", "second", "third");
    assertThat(questions(2)).containsExactly("second", "third");
  }

  @Test
  void theOldestGoes() {
    for (int i = 1; i <= 8; i++) {
      append("r" + i, i);
    }
    assertThat(questions(50)).containsExactly("r4", "r5", "r6", "r7", "r8");
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(VALKEY.url()))) {
      Set<String> keys = valkey.ask(COMMANDS.keys("conversation:{" + user + ":s}:*"));
      assertThat(keys).hasSize(4);
      assertThat(valkey.ask(COMMANDS.hlen("conversation:{" + user + ":s}:turns"))).isEqualTo(5);
      assertThat(valkey.ask(COMMANDS.hlen("conversation:{" + user + ":s}:sources"))).isEqualTo(5);
      for (String key : keys) {
        assertThat(valkey.ask(COMMANDS.pttl(key)))
            .as("time to live of " + key)
            .isBetween(1L, HOUR.toMillis());
      }
    }
  }

  /** Also one that was set to less since, and of what Valkey had evicted. */
  @Test
  void eachTurnSetsTheTimeToLiveAnew() {
    long now = System.currentTimeMillis();
    append("a", now);
    try (ConversationStore briefer =
            new ConversationStore(ValkeySettings.at(VALKEY.url()), 5, Duration.ofMinutes(1));
        ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(VALKEY.url()))) {
      valkey.ask(COMMANDS.del("conversation:{" + user + ":s}:title"));
      briefer.append(user, "s", "b", now, turn("b"), List.of(), () -> {});
      Set<String> keys = valkey.ask(COMMANDS.keys("conversation*:{" + user + "*"));
      assertThat(keys).hasSize(5);
      for (String key : keys) {
        assertThat(valkey.ask(COMMANDS.pttl(key)))
            .as("time to live of " + key)
            .isBetween(1L, Duration.ofMinutes(1).toMillis());
      }
    }
  }

  @Test
  void aConversationExpiresAfterItsNewestTurn() {
    try (ConversationStore brief =
        new ConversationStore(ValkeySettings.at(VALKEY.url()), 5, Duration.ofMillis(700))) {
      brief.append(user, "s", "a", 1, turn("a"), List.of(), () -> {});
      assertThat(brief.newest(user, "s", 5)).hasSize(1);
      await().untilAsserted(() -> assertThat(brief.newest(user, "s", 5)).isEmpty());
    }
  }

  @Test
  void usersAndSessionsAreApart() {
    store.append(user, "s", "r", 1, turn("mine"), List.of(), () -> {});
    store.append(user, "s2", "r", 1, turn("my other"), List.of(), () -> {});
    store.append(user + "-", "s", "r", 1, turn("another's"), List.of(), () -> {});
    store.append(user + "_s", "x", "r", 1, turn("one that joins alike"), List.of(), () -> {});

    assertThat(questions(5)).containsExactly("mine");
    assertThat(store.newest(user, "s2", 5)).containsExactly(turn("my other"));
    assertThat(store.newest(user + "-", "s", 5)).containsExactly(turn("another's"));
    assertThat(store.newest(user, "s_x", 5)).isEmpty();
    assertThat(store.newest(user, "never", 5)).isEmpty();
  }

  @Test
  void theListHasTheNewestFirstAndTheFirstQuestionsAsTitles() {
    long now = System.currentTimeMillis();
    for (String session : List.of("a", "b", "c", "d", "e")) {
      store.append(
          user, session, "r1", now, turn("What  is\n" + session + "?"), List.of(), () -> {});
    }
    store.append(user, "b", "r2", now + 1, turn("And then?"), List.of(), () -> {});
    store.append(user, "a", "late", now - 60_000, turn("Before"), List.of(), () -> {});
    String words = "word ".repeat(40);
    store.append(user, "long", "r1", now - 1, turn(words), List.of(), () -> {});
    store.append(user + "x", "other", "r1", now, turn("Not mine"), List.of(), () -> {});

    List<Map<String, Object>> shown = new ArrayList<>();
    String from = null;
    do {
      ConversationList.Page page = list.page(user, from, 2);
      shown.addAll(page.conversations());
      from = page.next().orElse(null);
    } while (from != null);

    assertThat(shown)
        .extracting(entry -> entry.get("session_id"))
        .containsExactly("b", "e", "d", "c", "a", "long");
    assertThat(shown.get(0)).containsEntry("title", "What is b?");
    assertThat((String) shown.get(5).get("title")).startsWith("word word").endsWith("word…");
    assertThat((String) shown.get(5).get("title")).hasSizeLessThanOrEqualTo(80);
    assertThat(shown.get(0)).containsEntry("timestamp", Instant.ofEpochMilli(now + 1).toString());
    assertThatThrownBy(() -> list.page(user, "nowhere", 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConversationIsShownWithTheSourcesOfItsAnswers() {
    List<Map<String, Object>> sources = List.of(Map.of("n", 1, "document", "herons.md"));
    store.append(user, "s", "r2", 2000, turn("second"), sources, () -> {});
    store.append(user, "s", "r1", 1000, turn("first"), List.of(), () -> {});

    assertThat(list.turns(user, "s"))
        .containsExactly(
            Map.of(
                "request_id", "r1",
                "timestamp", "1970-01-01T00:00:01Z",
                "question", "first",
                "answer", "answer to first",
                "cancelled", false,
                "sources", List.of()),
            Map.of(
                "request_id", "r2",
                "timestamp", "1970-01-01T00:00:02Z",
                "question", "second",
                "answer", "answer to second",
                "cancelled", false,
                "sources", sources));
    assertThat(list.turns(user, "never")).isEmpty();
    assertThat(list.turns(user + "x", "s")).isEmpty();
  }

  @Test
  void nothingIsLeftOfWhatIsForgotten() {
    long now = System.currentTimeMillis();
    store.append(user, "s", "r", now, turn("one"), List.of(), () -> {});
    store.append(user, "s2", "r", now, turn("two"), List.of(), () -> {});

    assertThat(store.forget(user, "s")).isOne();
    assertThat(list.page(user, null, 5).conversations())
        .extracting(entry -> entry.get("session_id"))
        .containsExactly("s2");
    assertThat(store.forget(user, null)).isOne();
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(VALKEY.url()))) {
      assertThat(valkey.ask(COMMANDS.keys("*" + user + "*"))).isEmpty();
    }
  }

  @Test
  void manyAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 200; i++) {
      String id = "r" + i % 20;
      long arrived = 100 + i % 20;
      threads.execute(() -> append(id, arrived));
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(questions(50)).hasSize(5).doesNotHaveDuplicates().contains("r19");
  }
}
