package org.llmroutes.bench.voice;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  Latencies measure(int turns) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(voices);
    List<Future<Long>> first = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      first.add(threads.submit(this::turn));
    }
    List<Long> nanos = new ArrayList<>();
    for (Future<Long> sound : first) {
      nanos.add(sound.get(120, TimeUnit.SECONDS));
    }
    threads.shutdown();
    return Latencies.of(nanos);
  }

  private long turn() throws Exception {
    String id = UUID.randomUUID().toString();
    CompletableFuture<Long> firstSound = new CompletableFuture<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Dispatcher dispatcher =
        nats.createDispatcher(
            message -> {
              long now = System.nanoTime();
              Map<String, Object> chunk = codec.decodeMap(message.getData());
              switch ((String) chunk.get("type")) {
                case "audio" -> firstSound.complete(now);
                case "error" ->
                    firstSound.completeExceptionally(new IllegalStateException(chunk.toString()));
                case "done" -> done.complete(null);
                default -> {}
              }
            });
    dispatcher.subscribe("ai.voice.response.stream." + id);
    nats.flush(Duration.ofSeconds(5));
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
    long nanos = firstSound.get(60, TimeUnit.SECONDS) - sent;
    done.get(60, TimeUnit.SECONDS);
    nats.closeDispatcher(dispatcher);
    return nanos;
  }
}
