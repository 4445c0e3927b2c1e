package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.OtlpReceiver.Received;

/** What a collector gets of a request, from the gateway over NATS to the services and back. */
class TracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CLICK = "b7ad6b7169203331";

  private static Servers servers;
  private static OtlpReceiver collector;
  private static Instance instance;

  private final GatewayClient gateway = new GatewayClient(instance.environment(), null);
  private final Client client = new Client(servers.nats);

  @BeforeAll
  static void start() throws Exception {
    servers = new Servers();
    collector = new OtlpReceiver();
    servers.environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    servers.environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer of-the-test");
    servers.environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000");
    servers.environment.put("OTEL_BSP_SCHEDULE_DELAY", "100");
    Redelivery.after(Duration.ofSeconds(2), servers.nats, "AI_CHAT", "chat-handler");
    instance = new Instance(servers, "");
    instance.start();
    instance.awaitReady();
  }

  @AfterAll
  static void stop() {
    instance.close();
    collector.close();
    servers.close();
  }

  @BeforeEach
  void everythingWorks() {
    servers.vllm.script(request -> Reply.of("They eat ", "fish."));
    servers.speech.voice(text -> Sound.PLAIN);
    servers.speech.ear(Sound.PLAIN);
    servers.speech.understand(text -> Map.of("text", text));
  }

  @Test
  void followsAQuestionFromTheClickToTheModelAndBack() throws Exception {
    List<Map<String, Object>> chunks = new ArrayList<>();
    gateway.events(
        gateway
            .json(
                "/api/chat", Map.of("message", "What do herons eat?", "session_id", "of-the-click"))
            .header("traceparent", traceparent(TRACE)),
        event -> chunks.add(event.data()));

    List<Received> trace = collector.trace(TRACE, "POST /api/chat", "chat turn");

    assertConnected(trace, CLICK);
    Received server = one(trace, "POST /api/chat");
    assertThat(server.parentId()).isEqualTo(CLICK);
    assertThat(server.attribute("http.response.status_code")).isEqualTo("200");
    Received turn = one(trace, "chat turn");
    assertThat(turn.kind()).isEqualTo("CONSUMER");
    assertThat(ancestors(trace, turn))
        .containsExactly("publish AI_CHAT", "publish-chat", "POST /api/chat");
    assertThat(turn.attribute("llm_routes.outcome")).isEqualTo("stop");
    assertThat(turn.attribute("llm_routes.request.id")).isEqualTo(id(chunks));
    assertThat(trace)
        .filteredOn(span -> span.parentId().equals(turn.spanId()) && "INTERNAL".equals(span.kind()))
        .extracting(Received::name)
        .contains("accept-request", "embed-question", "search-documents", "generate-answer");
    Received model = one(trace, "chat fake-model");
    assertThat(ancestors(trace, model)).startsWith("generate-answer", "chat turn");
    assertThat(model.attributes())
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.request.model", "fake-model")
        .containsEntry("gen_ai.response.finish_reasons", "stop")
        .containsEntry("gen_ai.usage.output_tokens", "2")
        .containsKeys("gen_ai.response.time_to_first_chunk", "gen_ai.conversation.id");
    Received call = one(trace, "POST /v1/chat/completions");
    assertThat(call.kind()).isEqualTo("CLIENT");
    assertThat(call.parentId()).isEqualTo(model.spanId());
    assertThat(servers.vllm.traces()).contains("00-" + TRACE + "-" + call.spanId() + "-01");
    assertThat(names(trace))
        .contains("milvus search", "valkey EVALSHA", "publish AI_RESPONSES", "publish AI_STREAMS");
    assertThat(one(trace, "publish AI_STREAMS").attribute("messaging.batch.message_count"))
        .as("all but the response")
        .isEqualTo(Integer.toString(chunks.size() - 1));
    assertThat(trace.toString()).doesNotContain("heron").doesNotContain("fish");
    assertThat(collector.authorizations()).contains("Bearer of-the-test");
  }

  @Test
  void tellsListenersOnNatsWhichTraceAnAnswerIsOf() throws Exception {
    String trace = trace();
    Map<String, Object> request = Client.request("Hello?");
    String id = (String) request.get("request_id");
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    servers
        .nats
        .createDispatcher(
            message ->
                seen.add(
                    message.getSubject()
                        + " "
                        + message.getHeaders().getFirst("traceparent").substring(3, 35)))
        .subscribe("ai.chat.response." + id)
        .subscribe("ai.chat.response.stream." + id);

    ask(request, trace);

    await()
        .untilAsserted(
            () ->
                assertThat(seen)
                    .contains(
                        "ai.chat.response." + id + " " + trace,
                        "ai.chat.response.stream." + id + " " + trace));
  }

  @Test
  void followsASpokenQuestion() throws Exception {
    String trace = trace();
    gateway.send(
        gateway
            .request("/api/voice?enable_rag=false")
            .header("content-type", "audio/wav")
            .header("traceparent", traceparent(trace))
            .POST(BodyPublishers.ofByteArray(FakeSpeech.wav("What do herons eat?"))));

    List<Received> spans = collector.trace(trace, "POST /api/voice", "voice turn");

    assertConnected(spans, CLICK);
    assertThat(ancestors(spans, one(spans, "POST /v1/audio/transcriptions")))
        .startsWith("transcribe", "voice turn");
    assertThat(ancestors(spans, one(spans, "POST /v1/audio/speech"))).contains("voice turn");
    assertThat(spans.toString()).doesNotContain("heron").doesNotContain("fish");
  }

  /** A run of the local engine, to its end. */
  private void batch(String input, String trace) throws Exception {
    gateway.events(
        gateway
            .json(
                "/api/pipelines/batch-inference/runs",
                Map.of(
                    "engine",
                    "local",
                    "parameters",
                    Map.of("input", input, "output", "answers.jsonl")))
            .header("traceparent", traceparent(trace)),
        event -> {});
  }

  @Test
  void followsAPipelineToTheEndOfItsRun() throws Exception {
    String trace = trace();
    Files.writeString(servers.files.resolve("prompts.jsonl"), "{\"prompt\": \"Hello?\"}\n");
    batch("prompts.jsonl", trace);

    List<Received> spans = collector.trace(trace, "run", "pipeline turn");

    assertThat(names(spans)).contains("pipeline turn", "start run", "publish AI_PIPELINE");
    assertThat(ancestors(spans, one(spans, "start run"))).startsWith("pipeline turn");
    Received run = one(spans, "run");
    assertThat(ancestors(spans, run)).startsWith("pipeline turn");
    assertThat(run.attributes())
        .containsEntry("llm_routes.status", "succeeded")
        .containsEntry("llm_routes.pipeline", "batch-inference")
        .containsEntry("llm_routes.engine", "local")
        .containsKey("llm_routes.run.id");
    assertThat(run.start()).isGreaterThanOrEqualTo(one(spans, "start run").start());
    assertThat(spans)
        .filteredOn(span -> "publish AI_RESPONSES".equals(span.name()))
        .allSatisfy(
            span -> assertThat(ancestors(collector.of(trace), span)).contains("pipeline turn"))
        .hasSizeGreaterThan(2);
  }

  @Test
  void keepsTheDeadLetterOfARefusedStartInItsTrace() throws Exception {
    String trace = trace();
    Message letter;
    try (DeadLetters letters = new DeadLetters(servers.nats, "pipeline")) {
      batch("missing.jsonl", trace);
      letter = letters.next();
    }

    List<Received> spans = collector.trace(trace, "publish AI_DLQ", "pipeline turn");
    Received published = one(spans, "publish AI_DLQ");
    assertThat(ancestors(spans, published)).startsWith("pipeline turn");
    assertThat(letter.getHeaders().getFirst("traceparent"))
        .isEqualTo("00-" + trace + "-" + published.spanId() + "-01");
  }

  @Test
  void saysWhatACancelledTurnWasDoingAndWhoCancelledIt() throws Exception {
    String[] tokens = Collections.nCopies(20_000, "on and ").toArray(String[]::new);
    servers.vllm.script(request -> Reply.of(tokens).every(2000));
    String trace = trace();
    String cancel = trace();
    AtomicBoolean cancelled = new AtomicBoolean();
    gateway.events(
        gateway
            .json("/api/chat", Map.of("message", "Tell me everything"))
            .header("traceparent", traceparent(trace)),
        event -> {
          if ("token".equals(event.type()) && !cancelled.getAndSet(true)) {
            cancel((String) event.data().get("request_id"), cancel);
          }
        });

    List<Received> spans = collector.trace(trace, "chat turn");

    Received turn = one(spans, "chat turn");
    assertThat(turn.attribute("llm_routes.outcome")).isEqualTo("cancelled");
    assertThat(turn.attribute("llm_routes.cancelled_in")).isEqualTo("llm");
    assertThat(turn.status()).isEqualTo(2);
    assertThat(one(spans, "generate-answer").attribute("error.type")).isEqualTo("cancelled");
    List<Received> wish = collector.trace(cancel, "DELETE /api/requests/{request_id}");
    Received published = one(wish, "publish ai.cancel");
    assertThat(published.kind()).isEqualTo("PRODUCER");
    assertThat(ancestors(wish, published)).endsWith("DELETE /api/requests/{request_id}");
    assertThat(turn.links()).containsExactly(published.spanId());
  }

  private void cancel(String requestId, String trace) {
    try {
      gateway.send(
          gateway
              .request("/api/requests/" + requestId)
              .header("traceparent", traceparent(trace))
              .DELETE());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void linksACancelThatCameFirst() throws Exception {
    String trace = trace();
    Map<String, Object> request = Client.request("Never mind");
    String id = (String) request.get("request_id");
    Subscription heard = servers.nats.subscribe("$KV.turns." + id);
    servers.nats.publish(
        "ai.cancel." + id,
        new Headers().put("traceparent", "00-" + trace() + "-00f067aa0ba902b7-01"),
        new byte[0]);
    assertThat(heard.nextMessage(Duration.ofSeconds(20))).isNotNull();
    heard.unsubscribe();

    ask(request, trace);

    Received turn = one(collector.trace(trace, "chat turn"), "chat turn");
    assertThat(turn.attribute("llm_routes.outcome")).isEqualTo("cancelled");
    assertThat(turn.links()).containsExactly("00f067aa0ba902b7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"traceparent", "tracestate", "baggage"})
  void passesOnNothingHostile(String name) throws Exception {
    String hostile = "hostile=" + "x".repeat(10_000);
    List<Map<String, Object>> events = new ArrayList<>();
    gateway.events(
        gateway.json("/api/chat", Map.of("message", "Hello?")).header(name, hostile),
        event -> events.add(event.data()));
    Map<String, Object> request = Client.request("Hello?");
    Asked asked =
        client.listen(
            (String) request.get("request_id"),
            () -> send(request, new Headers().put(name, hostile)));

    assertThat(events.get(events.size() - 1)).containsEntry("response", "They eat fish.");
    assertThat(asked.text()).isEqualTo("They eat fish.");
    assertThat(asked.headers().entrySet().toString()).doesNotContain("hostile");
    for (String id : List.of(id(events), (String) request.get("request_id"))) {
      await()
          .until(
              () ->
                  collector.spans().stream()
                      .filter(span -> "CONSUMER".equals(span.kind()))
                      .anyMatch(span -> id.equals(span.attribute("llm_routes.request.id"))));
    }
    assertThat(collector.spans().toString()).doesNotContain("hostile");
    assertThat(servers.vllm.headers())
        .allSatisfy(headers -> assertThat(headers.toString()).doesNotContain("hostile"));
    assertThat(Files.readString(instance.output())).doesNotContain("hostile");
  }

  @Test
  void saysNothingOfWhatIsAskedAndFoundAndAnswered() throws Exception {
    String trace = trace();
    servers.vllm.script(request -> Reply.of("They eat ", "marked-answers."));
    Map<String, Object> request = Client.request("What do herons eat, marked-question?");
    request.put(
        "collection", servers.documents.collectionOf("What herons eat is marked-passages."));

    Asked asked = ask(request, trace);

    assertThat(asked.text()).contains("marked-answers");
    assertThat(asked.sources().toString()).contains("marked-passages");
    List<Received> spans = collector.trace(trace, "chat turn");
    assertThat(names(spans)).contains("chat fake-model", "milvus search");
    assertThat(collector.spans().toString()).doesNotContain("marked-");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500})
  void answersAndEndsWhateverTheCollectorDoes(int status) throws Exception {
    if (status == 0) {
      collector.hang();
    } else {
      collector.answer(status);
    }
    try {
      int before = collector.authorizations().size();
      assertThat(client.ask(Client.request("Hello?")).text()).isEqualTo("They eat fish.");
      await().until(() -> collector.authorizations().size() > before);
      instance.stop();
    } finally {
      collector.answer(200);
      instance.kill();
      instance.start();
      instance.awaitReady();
    }
  }

  @Test
  void handsOnWhatIsLeftWhenItIsStopped() throws Exception {
    String trace = trace();
    instance.stop();
    servers.environment.put("OTEL_BSP_SCHEDULE_DELAY", "3600000");
    try {
      instance.start();
      instance.awaitReady();
      ask(Client.request("Hello?"), trace);
      instance.stop();
      assertThat(names(collector.of(trace))).contains("chat turn", "generate-answer");
    } finally {
      servers.environment.put("OTEL_BSP_SCHEDULE_DELAY", "100");
      instance.kill();
      instance.start();
      instance.awaitReady();
    }
  }

  @Test
  void linksAReplayToWhatHadFailed() throws Exception {
    servers.vllm.script(request -> Reply.failing(400));
    String trace = trace();
    Map<String, Object> request = Client.request("Tell it later");
    String number;
    try (DeadLetters letters = new DeadLetters(servers.nats)) {
      ask(request, trace);
      number = Long.toString(letters.next().metaData().streamSequence());
    }
    Received failed = one(collector.trace(trace, "chat turn"), "chat turn");
    servers.vllm.script(asked -> Reply.of("Told ", "now."));

    client.listen(
        (String) request.get("request_id"),
        () -> assertThat(command("dlq", "replay", number)).contains("1 replayed"));

    Received again =
        await()
            .until(
                () ->
                    collector.of(trace).stream()
                        .filter(span -> !span.links().isEmpty())
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    assertThat(again.name()).isEqualTo("chat turn");
    assertThat(again.links()).containsExactly(failed.spanId());
    assertThat(ancestors(collector.of(trace), again)).startsWith("publish AI_DLQ");
  }

  @Test
  void linksWhatIsDeliveredAgainToWhatWasLost() throws Exception {
    String trace = trace();
    AtomicInteger generations = new AtomicInteger();
    servers.vllm.script(
        request -> {
          if (generations.getAndIncrement() == 0) {
            instance.kill();
            instance.start();
          }
          return Reply.of("They eat ", "fish.");
        });
    Map<String, Object> request = Client.request("What do herons eat?");
    request.put("enable_rag", false);

    ask(request, trace);

    Received turn = one(collector.trace(trace, "chat turn"), "chat turn");
    assertThat(turn.attribute("llm_routes.delivery")).isEqualTo("2");
    assertThat(turn.parentId()).isEqualTo(CLICK);
    assertThat(turn.links()).hasSize(1).doesNotContain(turn.spanId());
    assertThat(servers.vllm.traces()).filteredOn(seen -> seen.contains(trace)).hasSize(2);
    instance.awaitReady();
    assertDuplicateIsLinked(request, turn);
  }

  private void assertDuplicateIsLinked(Map<String, Object> request, Received first)
      throws Exception {
    String trace = trace();
    ask(request, trace);
    Received duplicate = one(collector.trace(trace, "chat turn"), "chat turn");
    assertThat(duplicate.links()).containsExactly(first.spanId());
  }

  @Test
  void showsATreeToPeople() throws Exception {
    Map<String, Object> request = Client.request("What do herons eat?");
    client.ask(request);

    String tree = command("trace", (String) request.get("request_id"));

    assertThat(tree)
        .containsPattern("\\d\\.\\d +\\d+\\.\\d  chat turn")
        .containsPattern(" {4}generate-answer")
        .containsPattern(" {6}chat fake-model")
        .contains("POST /v1/chat/completions", "HTTP 200");
  }

  private String command(String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>(servers.environment);
    environment.remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    environment.putAll(instance.environment());
    return new ProductCommand(servers.data, environment, Map.of()).run(arguments).output();
  }

  /** Every span but those whose parent is the client's has its parent here. */
  private static void assertConnected(List<Received> trace, String client) {
    List<String> ids = trace.stream().map(Received::spanId).toList();
    assertThat(trace)
        .allSatisfy(
            span ->
                assertThat(span.parentId())
                    .as(span.name())
                    .isIn(
                        java.util.stream.Stream.concat(
                                ids.stream(), java.util.stream.Stream.of(client))
                            .toList()));
    assertThat(trace).filteredOn(span -> span.parentId().equals(client)).hasSize(1);
  }

  /** Names of what a span is part of, the nearest first. */
  private static List<String> ancestors(List<Received> trace, Received span) {
    List<String> names = new ArrayList<>();
    Received at = span;
    while (at != null) {
      String parent = at.parentId();
      at = trace.stream().filter(other -> other.spanId().equals(parent)).findFirst().orElse(null);
      if (at != null) {
        names.add(at.name());
      }
    }
    return names;
  }

  private static Received one(List<Received> trace, String name) {
    assertThat(names(trace)).contains(name);
    return trace.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> names(List<Received> trace) {
    return trace.stream().map(Received::name).toList();
  }

  private static String trace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String id(List<Map<String, Object>> chunks) {
    return (String) chunks.get(0).get("request_id");
  }

  private static String traceparent(String trace) {
    return "00-" + trace + "-" + CLICK + "-01";
  }

  private Asked ask(Map<String, Object> request, String trace) throws Exception {
    return client.listen(
        (String) request.get("request_id"),
        () -> send(request, new Headers().put("traceparent", traceparent(trace))));
  }

  private void send(Map<String, Object> request, Headers headers) throws Exception {
    servers
        .nats
        .jetStream()
        .publish("ai.chat.user." + client.user + ".message", headers, Client.pack(request));
  }
}
