package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A client of pipelines that knows the contract files and nothing of the product's code. */
final class PipelineClient implements AutoCloseable {
  private static final List<String> FINAL = List.of("succeeded", "failed", "cancelled", "rejected");

  private final Connection nats;
  private final Dispatcher dispatcher;
  private final List<Map<String, Object>> heard = new CopyOnWriteArrayList<>();

  PipelineClient(Connection nats) {
    this.nats = nats;
    dispatcher = nats.createDispatcher(message -> heard.add(read(message)));
    dispatcher.subscribe("ai.pipeline.status.*");
  }

  static Map<String, Object> trigger(String pipeline) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("request_id", UUID.randomUUID().toString());
    trigger.put("pipeline", pipeline);
    trigger.put("user_id", "ada");
    trigger.put("parameters", new LinkedHashMap<>(Map.of("source", "docs")));
    return trigger;
  }

  /** Sends a trigger; its request id. */
  String send(Map<String, Object> trigger) {
    send(Client.pack(trigger));
    return (String) trigger.get("request_id");
  }

  void send(byte[] payload) {
    try {
      nats.jetStream().publish("ai.pipeline.trigger", payload);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void cancel(String requestId) {
    nats.publish("ai.cancel." + requestId, new byte[0]);
  }

  /** What was heard of a run on core NATS, in that order, each conforming to its schema. */
  List<Map<String, Object>> heard(String requestId) {
    return heard.stream().filter(status -> requestId.equals(status.get("request_id"))).toList();
  }

  void awaitStatus(String requestId, String status) {
    await(status + " of " + requestId).until(() -> names(heard(requestId)).contains(status));
  }

  /** The same by what the stream has, where statuses may have gone unheard. */
  void awaitStored(String requestId, String status) {
    await(status + " of " + requestId).until(() -> names(stored(requestId)).contains(status));
  }

  void awaitProgress(String requestId, String progress) {
    await(progress + " of " + requestId)
        .until(
            () ->
                heard(requestId).stream().anyMatch(told -> progress.equals(told.get("progress"))));
  }

  void awaitMessage(String requestId, String message) {
    await(message + " of " + requestId)
        .until(
            () ->
                heard(requestId).stream()
                    .anyMatch(told -> String.valueOf(told.get("message")).contains(message)));
  }

  boolean isEnded(String requestId) {
    return heard(requestId).stream().anyMatch(told -> FINAL.contains(told.get("status")));
  }

  /** Waits for the end; all statuses as the stream has them: in order, without gaps, one final. */
  List<Map<String, Object>> statuses(String requestId) {
    await("the end of " + requestId).until(() -> isEnded(requestId));
    // the server hands a message to listeners before it stores it
    List<Map<String, Object>> stored =
        await("the stored end of " + requestId)
            .until(
                () -> stored(requestId),
                all -> FINAL.contains(all.get(all.size() - 1).get("status")));
    assertThat(stored)
        .extracting(status -> ((Number) status.get("seq")).intValue())
        .isEqualTo(IntStream.range(0, stored.size()).boxed().toList());
    assertThat(names(stored).subList(0, stored.size() - 1)).doesNotContainAnyElementsOf(FINAL);
    return stored;
  }

  /** The last of all statuses, once it is final. */
  Map<String, Object> end(String requestId) {
    List<Map<String, Object>> all = statuses(requestId);
    return all.get(all.size() - 1);
  }

  static List<String> names(List<Map<String, Object>> statuses) {
    return statuses.stream().map(status -> (String) status.get("status")).toList();
  }

  List<Map<String, Object>> stored(String requestId) {
    try {
      JetStreamSubscription all =
          nats.jetStream()
              .subscribe(
                  "ai.pipeline.status." + requestId,
                  PushSubscribeOptions.builder().ordered(true).build());
      List<Map<String, Object>> statuses = new ArrayList<>();
      long left = 1;
      while (left > 0) {
        Message message = all.nextMessage(Duration.ofSeconds(10));
        assertThat(message).as("a stored status of " + requestId).isNotNull();
        statuses.add(read(message));
        left = message.metaData().pendingCount();
      }
      all.unsubscribe();
      return statuses;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> read(Message message) {
    try {
      return Client.read(message.getData(), "pipeline-status");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    nats.closeDispatcher(dispatcher);
  }
}
