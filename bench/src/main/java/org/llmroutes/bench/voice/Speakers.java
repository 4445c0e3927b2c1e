package org.llmroutes.bench.voice;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.llmroutes.bench.Latencies;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.msgpack.MsgpackCodec;

/** Clients that ask aloud, each one turn after the other. */
final class Speakers {
  private final Connection nats;
  private final int voices;
  private final MsgpackCodec codec = new MsgpackCodec();

  Speakers(Connection nats, int voices) {
    this.nats = nats;
    this.voices = voices;
  }

  /** From sending each request to its first audio chunk. */
  Latencies toFirstSound(int turns) throws Exception {
    return all(turns, () -> turn(false));
  }

  /** From a cancel, sent with the first sound, to the final chunk. */
  Latencies toSilence(int turns) throws Exception {
    return all(turns, () -> turn(true));
  }

  private Latencies all(int turns, Callable<Long> turn) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(voices);
    List<Future<Long>> first = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      first.add(threads.submit(turn));
    }
    List<Long> nanos = new ArrayList<>();
    for (Future<Long> sound : first) {
      nanos.add(sound.get(120, TimeUnit.SECONDS));
    }
    threads.shutdown();
    return Latencies.of(nanos);
  }

  private long turn(boolean cancel) throws Exception {
    String id = UUID.randomUUID().toString();
    CompletableFuture<Long> firstSound = new CompletableFuture<>();
    CompletableFuture<Long> done = new CompletableFuture<>();
    Dispatcher dispatcher =
        nats.createDispatcher(
            message -> {
              long now = System.nanoTime();
              Map<String, Object> chunk = codec.decodeMap(message.getData());
              switch ((String) chunk.get("type")) {
                case "audio" -> firstSound.complete(now);
                case "error" ->
                    firstSound.completeExceptionally(new IllegalStateException(chunk.toString()));
                case "done" -> done.complete(now);
                default -> {}
              }
            });
    dispatcher.subscribe("ai.voice.response.stream." + id);
    synchronized (nats) {
      // each flush is a ping, and the client library takes many at once for a lost connection
      nats.flush(Duration.ofSeconds(5));
    }
    byte[] request =
        codec.encode(
            Map.of(
                "request_id",
                id,
                "audio",
                FakeSpeech.wav("What do herons eat?"),
                "enable_rag",
                false));
    long sent = System.nanoTime();
    nats.jetStream().publish("ai.voice.user.user-" + id + ".request", request);
    long sound = firstSound.get(60, TimeUnit.SECONDS);
    long cancelled = System.nanoTime();
    if (cancel) {
      nats.publish("ai.cancel." + id, new byte[0]);
    }
    long end = done.get(60, TimeUnit.SECONDS);
    nats.closeDispatcher(dispatcher);
    return cancel ? end - cancelled : sound - sent;
  }
}
