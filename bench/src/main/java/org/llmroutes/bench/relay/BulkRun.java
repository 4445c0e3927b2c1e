package org.llmroutes.bench.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llmroutes.bench.Latencies;
import org.llmroutes.bench.turns.Bed;
import org.llmroutes.bench.turns.FakeServices;
import org.llmroutes.bench.turns.Handler;
import org.llmroutes.local.Project;

/** Tokens as fast as the LLM can, through every handler, and cancels in the middle of them. */
final class BulkRun {
  private static final List<Integer> STREAMS = List.of(1, 8, 32);
  private static final int CANCELLED = 8;
  private static final int ENDLESS = 10_000_000;
  private static final int WARMUP = 3;

  private final int tokens;
  private final int rounds;

  BulkRun(int tokens, int rounds) {
    this.tokens = tokens;
    this.rounds = rounds;
  }

  void print() throws Exception {
    System.out.printf("%nAnswers of %d tokens as fast as the LLM can%n", tokens);
    System.out.printf("%-14s %8s %12s %20s%n", "", "streams", "tokens/s", "CPU a token, µs");
    Path data = Project.root().resolve(".dev/bench/relay-bulk-" + ProcessHandle.current().pid());
    try (FakeServices fakes = new FakeServices()) {
      for (Handler handler : Stream.of(Handler.values()).filter(Handler::isThere).toList()) {
        Map<String, String> services =
            Map.of(
                "VLLM_URL", fakes.url() + "/v1",
                "EMBEDDINGS_URL", fakes.url(),
                "RERANKER_URL", fakes.url());
        try (Bed bed = new Bed(handler, data.resolve(handler.name()), services, 32)) {
          bed.start();
          fakes.pour(tokens);
          for (int streams : STREAMS) {
            bulk(bed, streams);
          }
          if (handler == Handler.PRODUCT) {
            fakes.pour(ENDLESS);
            cancels(bed, fakes);
          }
        }
      }
    }
  }

  private void bulk(Bed bed, int streams) throws Exception {
    BulkClients clients = new BulkClients(bed.nats(), streams);
    String whole = FakeServices.WORD.repeat(tokens).strip();
    for (int i = 0; i < WARMUP; i++) {
      clients.readAll(whole);
    }
    Duration cpu = bed.cpu();
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      clients.readAll(whole);
    }
    double all = (double) rounds * streams * tokens;
    System.out.printf(
        "%-14s %8d %,12.0f %20.1f%n",
        bed.handler().title(),
        streams,
        all * 1e9 / (System.nanoTime() - start),
        bed.cpu().minus(cpu).toNanos() / 1e3 / all);
  }

  private void cancels(Bed bed, FakeServices fakes) throws Exception {
    List<Long> responses = new ArrayList<>();
    List<Long> closed = new ArrayList<>();
    for (int i = 0; i < 2 * rounds; i++) {
      fakes.abandoned().clear();
      BulkClients.Cancelled cancelled = new BulkClients(bed.nats(), CANCELLED).cancelInTheMiddle();
      if (i > 0) {
        responses.addAll(cancelled.responses());
        fakes.abandoned().forEach(moment -> closed.add(moment - cancelled.at()));
      }
    }
    System.out.printf(
        "%d streams cancelled in the middle, ms to the final response: p50 %.1f, p99 %.1f; to the closed stream of the LLM: p50 %.1f, p99 %.1f%n",
        CANCELLED,
        Latencies.of(responses).millis(50),
        Latencies.of(responses).millis(99),
        Latencies.of(closed).millis(50),
        Latencies.of(closed).millis(99));
  }
}
