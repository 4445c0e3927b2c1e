package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.platform.Platform;
import org.llmroutes.tests.GatewayClient.Event;

/** What a gateway does that loses NATS, or its own life, in the middle of streams. */
class GatewayOutageTest {
  private static final int TOKENS = 200;

  private final Stack stack = Stack.shared();

  /** Apart from the common pool, which HttpClient needs to be free. */
  private final ExecutorService clients = Executors.newCachedThreadPool();

  private final Map<String, String> environment = new HashMap<>(stack.environment);
  private Cable cable;
  private Platform gateway;
  private GatewayClient client;

  @BeforeEach
  void start() throws Exception {
    stack.vllm.script(
        request ->
            Reply.of(IntStream.range(0, TOKENS).mapToObj(i -> i + " ").toArray(String[]::new))
                .every(10_000));
    cable = new Cable(stack.natsServer.port());
    environment.put("NATS_URL", cable.url());
    environment.put("ROUTES_ENABLED", "gateway");
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    client = new GatewayClient(environment, null);
    gateway = started();
  }

  @AfterEach
  void stop() {
    gateway.close();
    cable.close();
    clients.shutdownNow();
  }

  @Test
  void goesOnWithEveryStreamOnceNatsIsBack() throws Exception {
    CompletableFuture<String> begun = new CompletableFuture<>();
    List<CompletableFuture<List<Event>>> answers =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> ask(UUID.randomUUID().toString(), "1.20", begun), clients))
            .toList();
    begun.get(60, TimeUnit.SECONDS);
    cable.cut();
    cable.mend();

    for (CompletableFuture<List<Event>> answer : answers) {
      assertComplete("", answer.get(120, TimeUnit.SECONDS));
    }
  }

  @Test
  void isTakenUpByTheClientWhereAnotherGatewayIsThere() throws Exception {
    String id = UUID.randomUUID().toString();
    CompletableFuture<String> begun = new CompletableFuture<>();
    CompletableFuture<List<Event>> broken =
        CompletableFuture.supplyAsync(() -> ask(id, "1.20", begun), clients);
    String before = begun.get(60, TimeUnit.SECONDS);
    // as good as killed: it can say nothing more to NATS, and its clients are hung up on
    cable.cut();
    gateway.close();
    assertThat(broken).failsWithin(java.time.Duration.ofSeconds(60));
    cable.mend();
    gateway = started();

    List<Event> rest =
        client.events(
            client.request("/api/requests/" + id + "/events").header("Last-Event-ID", "1.20"),
            event -> {});

    assertComplete(before, rest);
  }

  private Platform started() throws Exception {
    Platform platform = new Platform(Settings.load(Project.root(), environment));
    platform.start();
    return platform;
  }

  /**
   * @param reached is told what has been said when that event has come
   */
  private List<Event> ask(String id, String untilEvent, CompletableFuture<String> reached) {
    List<Event> told = new ArrayList<>();
    try {
      return client.events(
          client.chat(Map.of("message", "Count", "enable_rag", false, "request_id", id)),
          event -> {
            told.add(event);
            if (untilEvent.equals(event.id())) {
              reached.complete(text(told));
            }
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every word once and in order, and the response. */
  private static void assertComplete(String before, List<Event> events) {
    assertThat(before + text(events))
        .isEqualTo(IntStream.range(0, TOKENS).mapToObj(i -> i + " ").collect(Collectors.joining()));
    assertThat(Collections.frequency(events.stream().map(Event::type).toList(), "response"))
        .isOne();
  }

  private static String text(List<Event> events) {
    return events.stream()
        .filter(event -> "token".equals(event.type()))
        .map(event -> (String) event.data().get("content"))
        .collect(Collectors.joining());
  }
}
