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
      "Measure whole turns beside a handler in asyncio Python and one in plain Java.",
      "Prints a table with ratios and draws .dev/bench/turns.png. A whole run takes about five minutes and wants the machine for itself."
    },
    mixinStandardHelpOptions = true)
public final class TurnsCommand implements Callable<Integer> {
  private static final int STARTS = 3;
  private static final int STREAMS = 32;
  private static final int TOKENS = 100;
  private static final int GAP_MILLIS = 20;

  /** Turns with retrieval, and turns one at a time, are this part of the others. */
  private static final int FRACTION = 5;

  /** What is measured. */
  enum Profile {
    /** Turns without retrieval. */
    TURNS,
    /** Streamed tokens. */
    TOKENS,
    /** Turns with retrieval. */
    RAG
  }

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
      tell("Starting " + handler.title());
      Bed bed = new Bed(handler, data.resolve(handler.name()), services, concurrency);
      beds.add(bed);
      Figures of = new Figures();
      figures.put(handler, of);
      for (int i = 0; i < STARTS; i++) {
        bed.stop();
        of.readyMillis.add(bed.start());
      }
    }
  }

  private void measure(FakeServices fakes) throws Exception {
    if (profiles.contains(Profile.TURNS)) {
      load("turns", turns, warmup, false);
    }
    if (profiles.contains(Profile.TOKENS)) {
      tokens(fakes);
    }
    if (profiles.contains(Profile.RAG)) {
      load("turns with retrieval", turns / FRACTION, warmup / FRACTION / 2, true);
    }
    for (Bed bed : beds) {
      of(bed).residentMegabytes = bed.residentMegabytes();
    }
  }

  private void load(String what, int count, int before, boolean retrieval) throws Exception {
    for (Bed bed : beds) {
      tell("Warming up " + bed.handler().title() + ": " + before + " " + what);
      Clients clients = new Clients(bed.nats(), retrieval);
      clients.ask(before, concurrency);
      clients.ask(count / FRACTION, 1);
    }
    for (int round = 1; round <= rounds; round++) {
      tell("Round " + round + " of " + rounds + ": " + count + " " + what);
      for (Bed bed : beds) {
        Figures.Load load = retrieval ? of(bed).retrieval : of(bed).turns;
        Clients clients = new Clients(bed.nats(), retrieval);
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
    if (profiles.contains(Profile.TURNS)) {
      chart.add("Turns one at a time", f -> f.turns.alone());
      chart.add("Turns, " + concurrency + " at a time", f -> f.turns.together());
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
