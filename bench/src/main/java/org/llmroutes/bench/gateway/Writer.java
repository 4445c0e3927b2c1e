package org.llmroutes.bench.gateway;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Stands in for the chat routes: answers each request with tokens at a steady pace, each of which
 * is the moment at which it leaves, in nanoseconds. A cancel ends an answer.
 */
final class Writer implements AutoCloseable {
  private final Connection nats;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, LongConsumer> awaited = new ConcurrentHashMap<>();
  private final Dispatcher dispatcher;
  private final int gapMillis;
  private final int tokens;

  /**
   * @param tokens of an answer
   */
  Writer(Connection nats, int gapMillis, int tokens) {
    this.nats = nats;
    this.gapMillis = gapMillis;
    this.tokens = tokens;
    this.dispatcher =
        nats.createDispatcher(
            message -> {
              long now = System.nanoTime();
              String subject = message.getSubject();
              String id = subject.substring(subject.lastIndexOf('.') + 1);
              if (subject.startsWith("ai.cancel.")) {
                awaited.getOrDefault(id, at -> {}).accept(now);
                end(id);
              } else {
                begin((String) codec.decodeMap(message.getData()).get("request_id"));
              }
            });
    dispatcher.subscribe("ai.chat.user.*.message").subscribe("ai.cancel.>");
  }

  private void begin(String id) {
    answers.computeIfAbsent(id, Answer::new).begin();
  }

  private void end(String id) {
    Answer answer = answers.remove(id);
    if (answer != null) {
      answer.writing.cancel(false);
    }
  }

  /**
   * To be called before the cancel of a request comes.
   *
   * @param then given the moment at which it comes, in nanoseconds
   */
  void onCancel(String id, LongConsumer then) {
    awaited.put(id, then);
  }

  private final class Answer {
    private final String id;
    private int seq;
    private volatile ScheduledFuture<?> writing;

    Answer(String id) {
      this.id = id;
    }

    private void begin() {
      chunk("start", null);
      writing = clock.scheduleAtFixedRate(this::next, gapMillis, gapMillis, TimeUnit.MILLISECONDS);
    }

    private void next() {
      if (seq <= tokens) {
        chunk("token", Long.toString(System.nanoTime()));
        return;
      }
      chunk("done", null);
      Map<String, Object> response = new LinkedHashMap<>();
      response.put("request_id", id);
      response.put("success", true);
      response.put("response", "");
      nats.publish("ai.chat.response." + id, codec.encode(response));
      end(id);
    }

    private void chunk(String type, String content) {
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("request_id", id);
      chunk.put("attempt", 1);
      chunk.put("seq", seq++);
      chunk.put("type", type);
      if (content != null) {
        chunk.put("content", content);
      }
      nats.publish("ai.chat.response.stream." + id, codec.encode(chunk));
    }
  }

  @Override
  public void close() {
    nats.closeDispatcher(dispatcher);
    clock.shutdownNow();
  }
}
