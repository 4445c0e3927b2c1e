package org.llmroutes.bench.relay;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.llmroutes.bench.Latencies;
import org.llmroutes.msgpack.MsgpackCodec;

/** Clients that ask at the same time and note when each token reaches them. */
public final class StreamClients {
  private final Connection nats;
  private final int count;
  private final MsgpackCodec codec = new MsgpackCodec();

  /**
   * How long tokens were on their way.
   *
   * @param first the first token of each answer
   * @param every all tokens
   */
  public record Delays(Latencies first, Latencies every) {}

  public StreamClients(Connection nats, int count) {
    this.nats = nats;
    this.count = count;
  }

  /**
   * @param rounds how often all ask
   */
  public Delays measure(int rounds) throws Exception {
    List<Long> first = new ArrayList<>();
    List<Long> every = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      for (List<Long> answer : round()) {
        first.add(answer.get(0));
        every.addAll(answer);
      }
    }
    return new Delays(Latencies.of(first), Latencies.of(every));
  }

  /** Nanoseconds that each token of each answer was on its way. */
  private List<List<Long>> round() throws Exception {
    CountDownLatch done = new CountDownLatch(count);
    List<List<Long>> all = new ArrayList<>();
    Dispatcher dispatcher = nats.createDispatcher();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = UUID.randomUUID().toString();
      ids.add(id);
      List<Long> delays = new ArrayList<>();
      all.add(delays);
      dispatcher.subscribe(
          "ai.chat.response.stream." + id,
          message -> {
            long now = System.nanoTime();
            Map<String, Object> chunk = codec.decodeMap(message.getData());
            if ("token".equals(chunk.get("type"))) {
              // tokens that came together may leave in one chunk
              for (String sent : ((String) chunk.get("content")).strip().split(" ")) {
                delays.add(now - Long.parseLong(sent));
              }
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
}
