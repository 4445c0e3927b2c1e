package org.llmroutes.bench.turns;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Clients in a closed loop: each asks, waits for its final response and asks again. A response that
 * is not whole ends the run.
 */
final class Clients {
  private static final long PATIENCE_SECONDS = 120;

  private final Connection nats;
  private final boolean retrieval;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final String run = UUID.randomUUID().toString();

  /**
   * What came of it.
   *
   * @param latencies nanoseconds from a request to its response, in order of the responses
   * @param wall from the first request to the last response
   */
  record Outcome(long[] latencies, Duration wall) {}

  private record Asked(String user, long at) {}

  /**
   * @param retrieval whether answers are to be given from documents
   */
  Clients(Connection nats, boolean retrieval) {
    this.nats = nats;
    this.retrieval = retrieval;
  }

  /**
   * @param turns all together
   * @param concurrency clients, each a user with a conversation of its own
   */
  Outcome ask(int turns, int concurrency) throws InterruptedException {
    Map<String, Asked> open = new ConcurrentHashMap<>();
    long[] latencies = new long[turns];
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(turns);
    AtomicReference<String> bad = new AtomicReference<>();
    Dispatcher responses =
        nats.createDispatcher(
            message -> {
              long now = System.nanoTime();
              String subject = message.getSubject();
              Asked asked = open.remove(subject.substring(subject.lastIndexOf('.') + 1));
              if (asked != null) {
                check(message, bad);
                latencies[answered.getAndIncrement()] = now - asked.at();
                if (sent.getAndIncrement() < turns) {
                  send(asked.user(), open);
                }
                done.countDown();
              }
            });
    responses.subscribe("ai.chat.response.*");
    long start = System.nanoTime();
    for (int i = 0; i < Math.min(turns, concurrency); i++) {
      sent.incrementAndGet();
      send("user-" + run + "-" + i, open);
    }
    boolean all = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    nats.closeDispatcher(responses);
    if (bad.get() != null) {
      throw new IllegalStateException("A response is not whole: " + bad.get());
    }
    if (!all) {
      throw new IllegalStateException(
          done.getCount() + " answers did not come within " + PATIENCE_SECONDS + " s");
    }
    return new Outcome(latencies, wall);
  }

  private void send(String user, Map<String, Asked> open) {
    String id = UUID.randomUUID().toString();
    Map<String, Object> request =
        Map.of(
            "request_id",
            id,
            "message",
            "Which subject carries streamed tokens?",
            "enable_rag",
            retrieval,
            "enable_streaming",
            false);
    byte[] payload = codec.encode(request);
    open.put(id, new Asked(user, System.nanoTime()));
    nats.publish("ai.chat.user." + user + ".message", payload);
  }

  private void check(Message message, AtomicReference<String> bad) {
    Map<String, Object> response = codec.decodeMap(message.getData());
    if (!Boolean.TRUE.equals(response.get("success"))
        || !List.of().equals(response.get("degraded"))
        || !Boolean.valueOf(retrieval).equals(response.get("used_rag"))) {
      bad.compareAndSet(null, response.toString());
    }
  }
}
