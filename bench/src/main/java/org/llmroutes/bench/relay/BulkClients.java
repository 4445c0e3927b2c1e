package org.llmroutes.bench.relay;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llmroutes.msgpack.MsgpackCodec;

/** Clients that ask at the same time and read long answers, or cancel them. */
final class BulkClients {
  private static final long PATIENCE_SECONDS = 120;

  /** How long an answer flows before it is cancelled. */
  private static final long FLOWS_MILLIS = 300;

  private final Connection nats;
  private final int count;
  private final MsgpackCodec codec = new MsgpackCodec();

  /**
   * What a cancel of all answers took.
   *
   * @param at when they were cancelled, as {@link System#nanoTime} tells it
   * @param responses nanoseconds from there to each final response
   */
  record Cancelled(long at, List<Long> responses) {}

  BulkClients(Connection nats, int count) {
    this.nats = nats;
    this.count = count;
  }

  /**
   * Asks and reads every answer to its end.
   *
   * @throws IllegalStateException where the chunks of one are not the whole
   */
  void readAll(String whole) throws InterruptedException {
    Map<String, StringBuilder> texts = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(count);
    Dispatcher chunks =
        nats.createDispatcher(
            message -> {
              Map<String, Object> chunk = codec.decodeMap(message.getData());
              if ("token".equals(chunk.get("type"))) {
                texts.get(id(message)).append(chunk.get("content"));
              } else if ("done".equals(chunk.get("type"))) {
                done.countDown();
              }
            });
    chunks.setPendingLimits(-1, -1);
    chunks.subscribe("ai.chat.response.stream.*");
    for (String id : ids()) {
      texts.put(id, new StringBuilder());
      ask(id);
    }
    boolean all = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    nats.closeDispatcher(chunks);
    if (!all
        || texts.values().stream()
            .anyMatch(text -> !whole.contentEquals(text.toString().strip()))) {
      throw new IllegalStateException("Not every answer came whole");
    }
  }

  /** Asks, and cancels every answer while it flows. */
  Cancelled cancelInTheMiddle() throws InterruptedException {
    LinkedBlockingQueue<Long> ended = new LinkedBlockingQueue<>();
    CountDownLatch flowing = new CountDownLatch(count);
    Map<String, Boolean> begun = new ConcurrentHashMap<>();
    Dispatcher chunks =
        nats.createDispatcher(
            message -> {
              if (begun.putIfAbsent(id(message), true) == null) {
                flowing.countDown();
              }
            });
    chunks.setPendingLimits(-1, -1);
    chunks.subscribe("ai.chat.response.stream.*");
    Dispatcher responses = nats.createDispatcher(message -> ended.add(System.nanoTime()));
    responses.subscribe("ai.chat.response.*");
    List<String> ids = ids();
    ids.forEach(this::ask);
    if (!flowing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Not every answer began");
    }
    TimeUnit.MILLISECONDS.sleep(FLOWS_MILLIS);
    long at = System.nanoTime();
    ids.forEach(id -> nats.publish("ai.cancel." + id, new byte[0]));
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Long end = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (end == null) {
        throw new IllegalStateException("Not every cancelled answer ended");
      }
      took.add(end - at);
    }
    nats.closeDispatcher(chunks);
    nats.closeDispatcher(responses);
    return new Cancelled(at, took);
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(UUID.randomUUID().toString());
    }
    return ids;
  }

  private void ask(String id) {
    Map<String, Object> request =
        Map.of("request_id", id, "message", "Go on", "enable_rag", false, "session_id", id);
    nats.publish("ai.chat.user.user-" + id + ".message", codec.encode(request));
  }

  private static String id(Message message) {
    String subject = message.getSubject();
    return subject.substring(subject.lastIndexOf('.') + 1);
  }
}
