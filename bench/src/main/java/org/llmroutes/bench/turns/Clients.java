package org.llmroutes.bench.turns;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Clients in a closed loop: each asks, waits for its final response and asks again. A response that
 * is not whole ends the run.
 */
final class Clients {
  private static final long PATIENCE_SECONDS = 120;

  private final Connection nats;
  private final Kind kind;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final String run = UUID.randomUUID().toString();

  /** What is asked for. */
  enum Kind {
    /** Streamed, as clients have it by default. */
    STREAMED(false, true),
    /** Without streaming. */
    WHOLE(false, false),
    /** From documents, without streaming. */
    RETRIEVAL(true, false);

    private final boolean retrieval;
    private final boolean streaming;

    Kind(boolean retrieval, boolean streaming) {
      this.retrieval = retrieval;
      this.streaming = streaming;
    }
  }

  /**
   * What came of it.
   *
   * @param latencies nanoseconds from a request to its response, in order of the responses
   * @param moments nanoseconds from the first request to each response
   */
  record Outcome(long[] latencies, long[] moments) {
    /** From the first request to the last response. */
    Duration wall() {
      return Duration.ofNanos(moments[moments.length - 1]);
    }
  }

  private record Asked(String user, long at) {}

  Clients(Connection nats, Kind kind) {
    this.nats = nats;
    this.kind = kind;
  }

  /**
   * @param turns all together
   * @param concurrency clients, each a user with a conversation of its own
   */
  Outcome ask(int turns, int concurrency) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(turns);
    return ask(Math.min(turns, concurrency), () -> left.getAndDecrement() > 0);
  }

  /** The same for a time, after which what is open is waited for. */
  Outcome ask(Duration time, int concurrency) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    return ask(concurrency, () -> System.nanoTime() < end);
  }

  private Outcome ask(int concurrency, BooleanSupplier another) throws InterruptedException {
    Map<String, Asked> open = new ConcurrentHashMap<>();
    List<long[]> answered = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(concurrency);
    AtomicReference<String> bad = new AtomicReference<>();
    long start = System.nanoTime();
    Dispatcher responses =
        nats.createDispatcher(
            message -> {
              long now = System.nanoTime();
              String subject = message.getSubject();
              Asked asked = open.remove(subject.substring(subject.lastIndexOf('.') + 1));
              if (asked != null) {
                check(message, bad);
                answered.add(new long[] {now - asked.at(), now - start});
                if (another.getAsBoolean()) {
                  send(asked.user(), open);
                } else {
                  done.countDown();
                }
              }
            });
    responses.subscribe("ai.chat.response.*");
    for (int i = 0; i < concurrency && another.getAsBoolean(); i++) {
      send("user-" + run + "-" + i, open);
    }
    boolean all = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    nats.closeDispatcher(responses);
    if (bad.get() != null) {
      throw new IllegalStateException("A response is not whole: " + bad.get());
    }
    if (!all) {
      throw new IllegalStateException(
          done.getCount() + " clients had no answer within " + PATIENCE_SECONDS + " s");
    }
    return new Outcome(
        answered.stream().mapToLong(times -> times[0]).toArray(),
        answered.stream().mapToLong(times -> times[1]).toArray());
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
            kind.retrieval,
            "enable_streaming",
            kind.streaming);
    byte[] payload = codec.encode(request);
    open.put(id, new Asked(user, System.nanoTime()));
    nats.publish("ai.chat.user." + user + ".message", payload);
  }

  private void check(Message message, AtomicReference<String> bad) {
    Map<String, Object> response = codec.decodeMap(message.getData());
    if (!Boolean.TRUE.equals(response.get("success"))
        || !List.of().equals(response.get("degraded"))
        || !Boolean.valueOf(kind.retrieval).equals(response.get("used_rag"))) {
      bad.compareAndSet(null, response.toString());
    }
  }
}
