package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfoOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.conversation.SavedTurn;
import org.llmroutes.tests.Load.Turn;

/** What must be so after a load, whatever happened to the servers and the product under it. */
record Aftermath(Servers servers, List<Turn> turns) {

  /** One good response, a whole stream, and one entry in the conversation for each turn. */
  void everyTurnIsWhole() throws Exception {
    everyRequestHasOneGoodResponse();
    everyStreamIsWhole();
    everyConversationHasEachTurnOnce();
  }

  /** Every request has exactly one final response, the good one. */
  void everyRequestHasOneGoodResponse() throws Exception {
    Map<String, Long> stored =
        management()
            .getStreamInfo("AI_RESPONSES", StreamInfoOptions.allSubjects())
            .getStreamState()
            .getSubjectMap();
    for (Turn turn : turns) {
      assertThat(turn.response())
          .containsEntry("success", true)
          .containsEntry("response", Answers.to(turn.id()));
      assertThat(stored).containsEntry("ai.chat.response." + turn.id(), 1L);
    }
    assertThat(deadLetters()).isZero();
  }

  long deadLetters() throws Exception {
    return management().getStreamInfo("AI_DLQ").getStreamState().getMsgCount();
  }

  /** The highest attempt of every stream is whole, and its tokens are the response. */
  private void everyStreamIsWhole() throws Exception {
    Map<String, List<Map<String, Object>>> streams = streams();
    for (Turn turn : turns) {
      List<Map<String, Object>> chunks = streams.get(turn.id());
      int highest = chunks.stream().mapToInt(chunk -> number(chunk, "attempt")).max().orElseThrow();
      List<Map<String, Object>> last =
          chunks.stream()
              .filter(chunk -> number(chunk, "attempt") == highest)
              .sorted(Comparator.comparingInt(chunk -> number(chunk, "seq")))
              .toList();
      assertThat(last)
          .extracting(chunk -> number(chunk, "seq"))
          .isEqualTo(IntStream.range(0, last.size()).boxed().toList());
      assertThat(last.get(0)).containsEntry("type", "start");
      assertThat(last.get(last.size() - 1)).containsEntry("type", "done");
      assertThat(new Asked(turn.response(), null, last).streamed())
          .isEqualTo(turn.response().get("response"));
    }
  }

  /** The attempts of each request, oldest first, as the numbers of their chunks. */
  Map<String, Map<Integer, List<Integer>>> attempts() throws Exception {
    Map<String, Map<Integer, List<Integer>>> attempts = new HashMap<>();
    streams()
        .forEach(
            (id, chunks) -> {
              Map<Integer, List<Integer>> numbers = new LinkedHashMap<>();
              for (Map<String, Object> chunk : chunks) {
                numbers
                    .computeIfAbsent(number(chunk, "attempt"), attempt -> new ArrayList<>())
                    .add(number(chunk, "seq"));
              }
              attempts.put(id, numbers);
            });
    return attempts;
  }

  /**
   * Every conversation has each of its turns once, in their order; a turn that did without history
   * may be missing.
   */
  void everyConversationHasEachTurnOnce() {
    Map<List<String>, List<SavedTurn>> whole = new LinkedHashMap<>();
    for (Turn turn : turns) {
      List<SavedTurn> conversation =
          whole.computeIfAbsent(List.of(turn.user(), turn.session()), session -> new ArrayList<>());
      if (!turn.degraded().contains("history")) {
        conversation.add(new SavedTurn(turn.question(), Answers.to(turn.id()), false));
      }
    }
    try (ConversationStore store =
        new ConversationStore(ValkeySettings.at(servers.valkey.url()), 1000, Duration.ofDays(1))) {
      whole.forEach(
          (session, conversation) ->
              assertThat(store.newest(session.get(0), session.get(1), 1000))
                  .doesNotHaveDuplicates()
                  .filteredOn(conversation::contains)
                  .isEqualTo(conversation));
    }
  }

  /** No request is stuck. */
  void nothingIsLeft() {
    await()
        .untilAsserted(
            () -> {
              ConsumerInfo consumer = management().getConsumerInfo("AI_CHAT", "chat-handler");
              assertThat(consumer.getNumPending()).isZero();
              assertThat(consumer.getNumAckPending()).isZero();
              assertThat(management().getStreamInfo("AI_CHAT").getStreamState().getMsgCount())
                  .isZero();
            });
  }

  private JetStreamManagement management() throws Exception {
    return servers.nats.jetStreamManagement();
  }

  private Map<String, List<Map<String, Object>>> streams() throws Exception {
    Map<String, List<Map<String, Object>>> streams = new HashMap<>();
    JetStreamSubscription all =
        servers
            .nats
            .jetStream()
            .subscribe(
                "ai.chat.response.stream.>", PushSubscribeOptions.builder().ordered(true).build());
    long left = 1;
    while (left > 0) {
      Message message = all.nextMessage(Duration.ofSeconds(10));
      assertThat(message).as("the rest of the chunks").isNotNull();
      Map<String, Object> chunk = Client.read(message.getData(), "chat-stream-chunk");
      streams.computeIfAbsent((String) chunk.get("request_id"), id -> new ArrayList<>()).add(chunk);
      left = message.metaData().pendingCount();
    }
    all.unsubscribe();
    return streams;
  }

  private static int number(Map<String, Object> chunk, String field) {
    return ((Number) chunk.get(field)).intValue();
  }
}
