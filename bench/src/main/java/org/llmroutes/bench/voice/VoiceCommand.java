package org.llmroutes.bench.voice;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.bench.Latencies;
import org.llmroutes.bench.ServingProduct;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.nats.NatsSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * When the first sound of an answer is there, with services of realistic speed: beside the earliest
 * moment possible, and beside a handler that waits for each whole answer.
 */
@Command(
    name = "voice",
    description = "Measure when the first sound of a spoken answer is there",
    mixinStandardHelpOptions = true)
public final class VoiceCommand implements Callable<Integer> {
  private static final int STT_MILLIS = 250;
  private static final int FIRST_TOKEN_MILLIS = 150;
  private static final int TOKENS_A_SECOND = 30;
  private static final int TTS_MILLIS = 200;

  /** {@code voice.workers-per-user} takes no fewer. */
  private static final int LEAST_WORKERS = 2;

  private static final String FIRST_SENTENCE =
      "Herons eat fish, and they hunt it in shallow water.";
  private static final String ANSWER =
      FIRST_SENTENCE
          + " They stand still for a long time before they strike. In winter they also take mice and frogs."
          + " Their nests are in tall trees, close to each other.";

  @Option(names = "--turns", description = "Measured turns (default: ${DEFAULT-VALUE})")
  private int turns = 20;

  @Option(names = "--voices", description = "Turns at the same time (default: ${DEFAULT-VALUE})")
  private int voices = 1;

  @Override
  public Integer call() throws Exception {
    Path data = Project.root().resolve(".dev/bench/voice-" + ProcessHandle.current().pid());
    try (NatsServer server = new NatsServer(data.resolve("nats"), 0);
        ValkeyServer valkey = new ValkeyServer(data.resolve("valkey"), 0);
        FakeVllm vllm = new FakeVllm(request -> reply());
        FakeSpeech speech = new FakeSpeech()) {
      server.start();
      valkey.start();
      speech.ear(FakeSpeech.Sound.after(Duration.ofMillis(STT_MILLIS)));
      speech.voice(text -> FakeSpeech.Sound.after(Duration.ofMillis(TTS_MILLIS * sentences(text))));
      System.out.printf(
          "STT %d ms, first token %d ms, %d tokens/s, TTS %d ms a sentence, %d sentences; %d turns, %d at a time%n",
          STT_MILLIS,
          FIRST_TOKEN_MILLIS,
          TOKENS_A_SECOND,
          TTS_MILLIS,
          sentences(ANSWER),
          turns,
          voices);
      System.out.printf("%-28s %8s %8s%n", "milliseconds to first sound", "p50", "p99");
      System.out.printf("%-28s %8d%n", "earliest possible", earliestMillis());
      try (Connection nats = Nats.connect(server.url())) {
        NatsSetup.apply(nats, Project.root().resolve("config/nats"));
        String workers = Integer.toString(Math.max(LEAST_WORKERS, voices));
        Map<String, String> environment =
            Map.of(
                "NATS_URL", server.url(),
                "VALKEY_URL", valkey.url(),
                "VLLM_URL", vllm.baseUrl(),
                "WHISPER_URL", speech.url(),
                "TTS_URL", speech.url(),
                "VOICE_WORKERS", workers,
                "VOICE_WORKERS_PER_USER", workers,
                "ROUTES_ENABLED", "voice");
        try (ServingProduct ignored = new ServingProduct(environment, data.resolve("routes.log"))) {
          Speakers speakers = new Speakers(nats, voices);
          speakers.toFirstSound(Math.min(turns, voices * 3));
          print("llm-routes", speakers.toFirstSound(turns));
          print("llm-routes, cancel to end", speakers.toSilence(turns));
        }
      }
      print("whole answer, then its sound", buffered(speech.url(), vllm.baseUrl()));
    }
    return 0;
  }

  private static FakeVllm.Reply reply() {
    long gap = 1_000_000 / TOKENS_A_SECOND;
    return FakeVllm.Reply.of(ANSWER.split("(?<= )")).every(FIRST_TOKEN_MILLIS * 1000L, gap);
  }

  private static int sentences(String text) {
    return (int) text.chars().filter(c -> c == '.').count();
  }

  /** STT, the tokens of the first sentence, and its TTS. */
  private static int earliestMillis() {
    int further = FIRST_SENTENCE.split(" ").length - 1;
    return STT_MILLIS + FIRST_TOKEN_MILLIS + further * 1000 / TOKENS_A_SECOND + TTS_MILLIS;
  }

  private Latencies buffered(String speechUrl, String vllmUrl) {
    BufferedHandler handler = new BufferedHandler(speechUrl, vllmUrl);
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < Math.min(turns, 5); i++) {
      long begun = System.nanoTime();
      handler.answer(FakeSpeech.wav("What do herons eat?"));
      nanos.add(System.nanoTime() - begun);
    }
    return Latencies.of(nanos);
  }

  private static void print(String name, Latencies first) {
    System.out.printf("%-28s %8.0f %8.0f%n", name, first.millis(50), first.millis(99));
  }
}
