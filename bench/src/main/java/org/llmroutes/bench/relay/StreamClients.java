package org.llmroutes.bench.relay;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.llmroutes.msgpack.MsgpackCodec;

/** Clients that ask at the same time and note when each token reaches them. */
final class StreamClients {
  private final Connection nats;
  private final int count;
  private final MsgpackCodec codec = new MsgpackCodec();

  /** Nanoseconds on the way, of one answer. */
  private record Delays(List<Long> tokens) {}

  StreamClients(Connection nats, int count) {
    this.nats = nats;
    this.count = count;
  }

  /** Asks once to warm up, then as often as wanted, and prints a line. */
  void measure(String name, int rounds) throws Exception {
    round();
    List<Long> first = new ArrayList<>();
    List<Long> every = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      for (Delays delays : round()) {
        first.add(delays.tokens().get(0));
        every.addAll(delays.tokens());
      }
    }
    System.out.printf(
        "%-14s %8.2f %9.2f %8.2f %9.2f%n",
        name,
        percentile(first, 50),
        percentile(first, 99),
        percentile(every, 50),
        percentile(every, 99));
  }

  private List<Delays> round() throws Exception {
    CountDownLatch done = new CountDownLatch(count);
    List<Delays> all = new ArrayList<>();
    Dispatcher dispatcher = nats.createDispatcher();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = UUID.randomUUID().toString();
      ids.add(id);
      Delays delays = new Delays(new ArrayList<>());
      all.add(delays);
      dispatcher.subscribe(
          "ai.chat.response.stream." + id,
          message -> {
            long now = System.nanoTime();
            Map<String, Object> chunk = codec.decodeMap(message.getData());
            if ("token".equals(chunk.get("type"))) {
              delays.tokens().add(now - Long.parseLong((String) chunk.get("content")));
            } else if ("done".equals(chunk.get("type"))) {
              done.countDown();
            }
          });
    }
    nats.flush(Duration.ofSeconds(5));
    for (String id : ids) {
      Map<String, Object> request =
          Map.of("request_id", id, "message", "Count", "enable_rag", false);
      nats.jetStream().publish("ai.chat.user.user-" + id + ".message", codec.encode(request));
    }
    if (!done.await(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.getCount() + " answers did not come within 120 s");
    }
    nats.closeDispatcher(dispatcher);
    return all;
  }

  /** In milliseconds. */
  private static double percentile(List<Long> nanos, int percent) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
