package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private static final int TOKENS = 100;
  private static final int STREAMS = 50;

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
        IntStream.range(0, STREAMS)
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

  /** Some are in the middle of their answers then, others wait for theirs. */
  @Test
  void isTakenUpByEachClientWhereAGatewayWasKilled() throws Exception {
    Map<String, List<Event>> heard = new ConcurrentHashMap<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    try (Instance killed = new Instance(stack)) {
      killed.start("gateway");
      killed.awaitReady();
      GatewayClient before = new GatewayClient(killed.environment(), null);
      List<CompletableFuture<Void>> broken = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        String id = UUID.randomUUID().toString();
        heard.put(id, new CopyOnWriteArrayList<>());
        broken.add(
            CompletableFuture.runAsync(() -> listen(before, id, heard.get(id), begun), clients));
      }
      begun.get(60, TimeUnit.SECONDS);
      for (String id : heard.keySet()) {
        await().until(() -> client.get("/api/requests/" + id).status() != 404);
      }
      killed.kill();
      broken.forEach(stream -> stream.exceptionally(gone -> null).join());
    }

    for (Map.Entry<String, List<Event>> stream : heard.entrySet()) {
      List<Event> told = stream.getValue();
      String last = told.isEmpty() ? "" : told.get(told.size() - 1).id();
      List<Event> rest =
          client.events(
              client
                  .request("/api/requests/" + stream.getKey() + "/events")
                  .header("Last-Event-ID", last),
              event -> {});
      assertComplete(text(told), rest);
    }
  }

  private static void listen(
      GatewayClient from, String id, List<Event> heard, CompletableFuture<Void> begun) {
    try {
      from.events(
          from.chat(Map.of("message", "Count", "enable_rag", false, "request_id", id)),
          event -> {
            heard.add(event);
            if ("1.20".equals(event.id())) {
              begun.complete(null);
            }
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
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
