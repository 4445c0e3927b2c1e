package org.llmroutes.bench.relay;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.bench.ServingProduct;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.nats.NatsSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a token is on its way, and how many can be: from when the fake vLLM writes it to when a
 * NATS subscriber has it, through this product as a process of its own, and through the least that
 * plain Java can do.
 */
@Command(
    name = "relay",
    description = {
      "Measure the way of a token from vLLM to NATS, beside plain Java;",
      "then tokens that come as fast as the LLM can, beside all peers, and cancels in the middle of them."
    },
    mixinStandardHelpOptions = true)
public final class RelayCommand implements Callable<Integer> {
  @Option(names = "--streams", description = "Answers at the same time (default: ${DEFAULT-VALUE})")
  private int streams = 32;

  @Option(names = "--tokens", description = "Tokens of an answer (default: ${DEFAULT-VALUE})")
  private int tokens = 100;

  @Option(
      names = "--gap",
      description = "Milliseconds between two tokens (default: ${DEFAULT-VALUE})")
  private int gapMillis = 20;

  @Option(
      names = "--rounds",
      description = "Measured rounds, after one to warm up (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--bulk-tokens",
      description = "Tokens of an answer that comes as fast as it can (default: ${DEFAULT-VALUE})")
  private int bulkTokens = 3000;

  @Option(names = "--bulk-only", description = "Leave out the tokens that come at intervals")
  private boolean bulkOnly;

  @Override
  public Integer call() throws Exception {
    if (!bulkOnly) {
      tokensAtIntervals();
    }
    new BulkRun(bulkTokens, rounds).print();
    return 0;
  }

  private void tokensAtIntervals() throws Exception {
    Path data = Project.root().resolve(".dev/bench/relay-" + ProcessHandle.current().pid());
    FakeVllm.Reply reply =
        FakeVllm.Reply.of(Collections.nCopies(tokens, FakeVllm.NOW).toArray(String[]::new))
            .every(gapMillis * 1000L);
    try (NatsServer server = new NatsServer(data, 0);
        FakeVllm vllm = new FakeVllm(request -> reply)) {
      server.start();
      try (Connection nats = Nats.connect(server.url())) {
        NatsSetup.apply(nats, Project.root().resolve("config/nats"));
        StreamClients clients = new StreamClients(nats, streams);
        Map<String, String> environment =
            Map.of(
                "NATS_URL", server.url(),
                "VLLM_URL", vllm.baseUrl(),
                "CHAT_WORKERS", Integer.toString(streams),
                "CHAT_WORKERS_PER_USER", Integer.toString(streams),
                "VALKEY_URL", "redis://127.0.0.1:1",
                "ROUTES_ENABLED", "chat");
        System.out.printf(
            "%d answers at the same time, %d tokens each, one every %d ms, %d rounds; milliseconds from vLLM to the subscriber%n",
            streams, tokens, gapMillis, rounds);
        System.out.printf("%-14s %18s %18s%n", "", "first token", "every token");
        System.out.printf("%-14s %8s %9s %8s %9s%n", "", "p50", "p99", "p50", "p99");
        try (PlainRelay ignored = new PlainRelay(nats, vllm.baseUrl(), streams)) {
          print("plain Java", clients);
        }
        try (ServingProduct ignored = new ServingProduct(environment, data.resolve("routes.log"))) {
          print("llm-routes", clients);
        }
      }
    }
  }

  private void print(String name, StreamClients clients) throws Exception {
    clients.measure(1);
    StreamClients.Delays delays = clients.measure(rounds);
    System.out.printf(
        "%-14s %8.2f %9.2f %8.2f %9.2f%n",
        name,
        delays.first().millis(50),
        delays.first().millis(99),
        delays.every().millis(50),
        delays.every().millis(99));
  }
}
