package org.llmroutes.bench.turns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.llmroutes.bench.Latencies;
import org.llmroutes.bench.relay.StreamClients;
import org.llmroutes.bench.turns.Clients.Kind;
import org.llmroutes.local.Project;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The same turns through the product, through an asyncio handler in Python and through the least
 * Java that keeps the same promises: real nats-server and Valkey, fake AI services.
 */
@Command(
    name = "turns",
    description = {
      "Measure whole turns, cold and warm, beside handlers in asyncio Python, in Go and in plain Java.",
      "Prints tables with ratios and draws .dev/bench/turns.png. A whole run takes about twelve minutes and wants the machine for itself; --only and --profile choose from it, --cold-turns and --warmup shorten it."
    },
    mixinStandardHelpOptions = true)
public final class TurnsCommand implements Callable<Integer> {
  private static final int STARTS = 3;
  private static final int STREAMS = 32;
  private static final int TOKENS = 100;
  private static final double COLD_PER_SECOND = 2;
  private static final int GAP_MILLIS = 20;

  /** What clients, fakes and servers need to be fast themselves. */
  private static final Duration WARMING = Duration.ofSeconds(8);

  /** Turns with retrieval, and turns one at a time, are this part of the others. */
  private static final int FRACTION = 5;

  /** What is measured. */
  enum Profile {
    /** Processes in their first minutes, streamed turns. */
    COLD,
    /** Warm turns without retrieval, streamed and whole. */
    TURNS,
    /** Streamed tokens. */
    TOKENS,
    /** Turns with retrieval. */
    RAG
  }

  private static final Map<String, String> WITHOUT_ARCHIVE =
      Map.of(
          "JAVA_OPTS",
          Runtime.version().feature() < 25
              ? "-XX:SharedArchiveFile="
                  + System.getProperty("java.home")
                  + "/lib/server/classes.jsa"
              : "-XX:AOTMode=off -XX:TieredStopAtLevel=1");

  @Option(
      names = "--only",
      split = ",",
      description = "Handlers to measure, of ${COMPLETION-CANDIDATES} (default: all)")
  private Set<Handler> only = new TreeSet<>(List.of(Handler.values()));

  @Option(
      names = "--profile",
      split = ",",
      description = "What to measure, of ${COMPLETION-CANDIDATES} (default: all)")
  private Set<Profile> profiles = new TreeSet<>(List.of(Profile.values()));

  @Option(
      names = "--cold-turns",
      description =
          "Turns that a process gets one by one, two a second, from its start on (default: ${DEFAULT-VALUE})")
  private int coldTurns = 200;

  @Option(
      names = "--cold-seconds",
      description = "Seconds under load after them, more than 6 (default: ${DEFAULT-VALUE})")
  private int coldSeconds = 30;

  @Option(
      names = "--turns",
      description =
          "Turns in a round at --concurrency; a fifth of it one at a time, and with retrieval (default: ${DEFAULT-VALUE})")
  private int turns = 5000;

  @Option(
      names = "--warmup",
      description = "Turns before the first round, not measured (default: ${DEFAULT-VALUE})")
  private int warmup = 20_000;

  @Option(
      names = "--concurrency",
      description = "Turns at the same time (default: ${DEFAULT-VALUE})")
  private int concurrency = 64;

  @Option(
      names = "--rounds",
      description = "Measured rounds, in which the handlers take turns (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  private final Map<Handler, Figures> figures = new EnumMap<>(Handler.class);
  private final List<Bed> beds = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Path bench = Project.root().resolve(".dev/bench");
    Path data = bench.resolve("turns");
    delete(data);
    MilvusStandalone milvus = new MilvusStandalone(data.resolve("milvus"));
    try (FakeServices fakes = new FakeServices()) {
      Map<String, String> services =
          new HashMap<>(
              Map.of(
                  "VLLM_URL", fakes.url() + "/v1",
                  "EMBEDDINGS_URL", fakes.url(),
                  "RERANKER_URL", fakes.url()));
      if (profiles.contains(Profile.RAG)) {
        tell("Starting Milvus and filling it");
        milvus.start();
        milvus.fill();
        services.putAll(milvus.environment());
      }
      start(data, services);
      measure(fakes);
    } catch (Exception e) {
      tell("The logs are in " + Project.root().relativize(data));
      throw e;
    } finally {
      for (Bed bed : beds) {
        bed.close();
      }
      milvus.close();
    }
    delete(data);
    report(bench.resolve("turns.png"));
    return 0;
  }

  private void start(Path data, Map<String, String> services) throws Exception {
    for (Handler handler : only) {
      if (!handler.isThere()) {
        tell(handler.title() + " is left out: it is not installed here");
        continue;
      }
      tell("Starting " + handler.title());
      Bed bed = new Bed(handler, data.resolve(handler.name()), services, concurrency);
      beds.add(bed);
      bed.start();
      new Clients(bed.nats(), Kind.STREAMED).ask(WARMING, concurrency);
      Figures of = new Figures();
      figures.put(handler, of);
      for (int i = 0; i < STARTS; i++) {
        bed.stop();
        if (handler == Handler.PRODUCT) {
          of.readyWithoutArchiveMillis.add(bed.start(WITHOUT_ARCHIVE));
          bed.stop();
        }
        of.readyMillis.add(bed.start());
        of.firstMillis.add(new Clients(bed.nats(), Kind.STREAMED).ask(1, 1).latencies()[0] / 1e6);
      }
    }
  }

  private void measure(FakeServices fakes) throws Exception {
    if (profiles.contains(Profile.COLD)) {
      tell(
          "Cold: %d turns one by one, then %d s at %d at a time"
              .formatted(coldTurns, coldSeconds, concurrency));
      ColdRun run =
          new ColdRun(coldTurns, COLD_PER_SECOND, Duration.ofSeconds(coldSeconds), concurrency);
      run.measure(beds).forEach((handler, cold) -> figures.get(handler).cold = cold);
    }
    if (profiles.contains(Profile.TURNS)) {
      load("streamed turns", turns, warmup, Kind.STREAMED);
      load("turns", turns, warmup / FRACTION, Kind.WHOLE);
    }
    if (profiles.contains(Profile.TOKENS)) {
      tokens(fakes);
    }
    if (profiles.contains(Profile.RAG)) {
      load("turns with retrieval", turns / FRACTION, warmup / FRACTION / 2, Kind.RETRIEVAL);
    }
    for (Bed bed : beds) {
      of(bed).residentMegabytes = bed.residentMegabytes();
    }
  }

  private void load(String what, int count, int before, Kind kind) throws Exception {
    List<Bed> asked =
        beds.stream().filter(bed -> kind != Kind.RETRIEVAL || bed.handler().retrieves()).toList();
    for (Bed bed : asked) {
      tell("Warming up " + bed.handler().title() + ": " + before + " " + what);
      Clients clients = new Clients(bed.nats(), kind);
      clients.ask(before, concurrency);
      clients.ask(count / FRACTION, 1);
    }
    for (int round = 1; round <= rounds; round++) {
      tell("Round " + round + " of " + rounds + ": " + count + " " + what);
      for (Bed bed : asked) {
        Figures.Load load = of(bed).of(kind);
        Clients clients = new Clients(bed.nats(), kind);
        load.alone(clients.ask(count / FRACTION, 1));
        Duration cpu = bed.cpu();
        Clients.Outcome together = clients.ask(count, concurrency);
        load.together(together, bed.cpu().minus(cpu).toNanos());
      }
    }
  }

  private void tokens(FakeServices fakes) throws Exception {
    fakes.stream(TOKENS, GAP_MILLIS);
    for (int round = 0; round <= rounds; round++) {
      tell(
          "%s: %d answers of %d tokens at the same time"
              .formatted(
                  round == 0 ? "Warming up" : "Round " + round + " of " + rounds, STREAMS, TOKENS));
      for (Bed bed : beds) {
        Latencies delays = new StreamClients(bed.nats(), STREAMS).measure(1).every();
        if (round > 0) {
          of(bed).tokens.add(delays.sorted());
        }
      }
    }
    fakes.answerAtOnce();
  }

  private Figures of(Bed bed) {
    return figures.get(bed.handler());
  }

  private void report(Path png) throws IOException {
    System.out.printf(
        "%d processors, Java %s; %d rounds%n",
        Runtime.getRuntime().availableProcessors(), Runtime.version(), rounds);
    new Report(figures).print(concurrency, STREAMS);
    LatencyChart chart = new LatencyChart(figures);
    if (profiles.contains(Profile.COLD)) {
      chart.add("The first " + coldTurns + " turns", f -> Latencies.of(f.cold.paced()));
    }
    if (profiles.contains(Profile.TURNS)) {
      chart.add("Streamed turns one at a time", f -> f.streamed.alone());
      chart.add("Streamed turns, " + concurrency + " at a time", f -> f.streamed.together());
    }
    if (profiles.contains(Profile.TOKENS)) {
      chart.add("Tokens, " + STREAMS + " streams", Figures::tokens);
    }
    if (profiles.contains(Profile.RAG)) {
      chart.add("Turns with retrieval, " + concurrency + " at a time", f -> f.retrieval.together());
    }
    chart.save(png);
    System.out.println("Distributions: " + Project.root().relativize(png));
  }

  private static void tell(String what) {
    System.err.println(what);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
