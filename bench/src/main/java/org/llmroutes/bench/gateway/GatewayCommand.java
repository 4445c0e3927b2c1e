package org.llmroutes.bench.gateway;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.llmroutes.bench.Latencies;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How soon an HTTP client has a token after it left for NATS, how soon a client that goes away is
 * told of there, and what idle WebSockets cost: through the gateway and through a plain relay.
 */
@Command(
    name = "gateway",
    description =
        "Measure the way of a token from NATS to HTTP clients, beside a plain asyncio relay",
    mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {
  private static final int DISCONNECTS = 50;

  /** Answers at least, for a percentile to say something. */
  private static final int ENOUGH = 16;

  @Option(
      names = "--streams",
      split = ",",
      description = "Answers at the same time (default: ${DEFAULT-VALUE})")
  private List<Integer> streams = List.of(1, 32, 256);

  @Option(names = "--tokens", description = "Tokens of an answer (default: ${DEFAULT-VALUE})")
  private int tokens = 40;

  @Option(
      names = "--gap",
      description = "Milliseconds between two tokens (default: ${DEFAULT-VALUE})")
  private int gapMillis = 30;

  @Option(
      names = "--rounds",
      description =
          "Measured rounds, after as many to warm up; more of few streams (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(names = "--sockets", description = "Idle WebSockets (default: ${DEFAULT-VALUE})")
  private int sockets = 2000;

  @Override
  public Integer call() throws Exception {
    Path data = Project.root().resolve(".dev/bench/gateway-" + ProcessHandle.current().pid());
    try (NatsServer server = new NatsServer(data.resolve("nats"), 0)) {
      server.start();
      try (Connection nats = Nats.connect(server.url());
          Writer writer = new Writer(nats, gapMillis, tokens)) {
        NatsSetup.apply(nats, Project.root().resolve("config/nats"));
        System.out.printf(
            "one token every %d ms, %d of an answer, %d rounds; milliseconds from NATS to the client%n",
            gapMillis, tokens, rounds);
        System.out.printf("%-12s %8s %18s %18s%n", "", "streams", "first token", "every token");
        System.out.printf("%-12s %8s %8s %9s %8s %9s%n", "", "", "p50", "p99", "p50", "p99");
        for (Opening opening : List.<Opening>of(Door::relay, Door::product)) {
          try (Door door = opening.open(server.url(), data)) {
            measure(door, writer);
          }
        }
      }
    }
    return 0;
  }

  /** Starts one of the servers. */
  @FunctionalInterface
  private interface Opening {
    Door open(String nats, Path data) throws Exception;
  }

  private void measure(Door door, Writer writer) throws Exception {
    try (StreamReaders readers = new StreamReaders(door.port())) {
      for (int count : streams) {
        int repeated = Math.max(rounds, ENOUGH / count);
        readers.read(count, repeated);
        StreamReaders.Delays delays = readers.read(count, repeated);
        System.out.printf(
            "%-12s %8d %8.2f %9.2f %8.2f %9.2f%n",
            door.title(),
            count,
            delays.first().millis(50),
            delays.first().millis(99),
            delays.every().millis(50),
            delays.every().millis(99));
      }
      disconnects(readers, writer);
      Latencies disconnects = disconnects(readers, writer);
      System.out.printf(
          "%-12s disconnect to ai.cancel %.2f p50, %.2f p99%n",
          door.title(), disconnects.millis(50), disconnects.millis(99));
    }
    double before = door.residentMegabytes();
    try (IdleSockets ignored = new IdleSockets(door.port(), sockets)) {
      System.out.printf(
          "%-12s %d idle WebSockets take %.0f MB, beside %.0f MB before%n",
          door.title(), sockets, door.residentMegabytes() - before, before);
    }
  }

  private static Latencies disconnects(StreamReaders readers, Writer writer) throws Exception {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < DISCONNECTS; i++) {
      CompletableFuture<Long> delay = new CompletableFuture<>();
      readers.leave((id, moment) -> writer.onCancel(id, at -> delay.complete(at - moment)));
      delays.add(delay.get(10, TimeUnit.SECONDS));
    }
    return Latencies.of(delays);
  }
}
