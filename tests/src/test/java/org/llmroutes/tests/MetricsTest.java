package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm;

/** What is measured is what the documentation says, and nobody makes more of it than there is. */
class MetricsTest {
  /** Only where a collector has worked beside the program, as the one of tests may. */
  private static final String BESIDE = "jvm_gc_concurrent_phase_time_seconds";

  private static final long ENDS = 4_102_444_800L;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    Path key = Servers.DATA.resolve("tts-api-key");
    Files.createDirectories(key.getParent());
    Files.writeString(key, "e30." + base64("{\"exp\":" + ENDS + "}") + ".c2ln");
    stack = new Stack(Map.of("TTS_API_KEY_FILE", key.toString()));
    assertThat(new Client(stack.nats).ask(Client.request("First?")).response())
        .containsEntry("success", true);
    ManagementFactory.getMemoryMXBean().gc();
    await().until(() -> !scrape().samples("jvm_gc_pause_seconds_count").isEmpty());
    await().until(() -> scrape().value("llm_routes_stream_limit_bytes", "stream", "AI_CHAT") > 0);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Scrape scrape() throws IOException, InterruptedException {
    return Scrape.of(stack.environment);
  }

  @Test
  void isAllInTheDocumentation() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    MetricsTable.read()
        .forEach(
            (name, row) -> {
              documented.put(name, row.type() + " " + row.labels());
              assertThat(row.unit()).as(name).isEqualTo(unit(name));
              assertThat(row.meaning()).as(name).isNotEmpty();
            });
    await()
        .untilAsserted(
            () -> {
              Map<String, String> served = served();
              served.putIfAbsent(BESIDE, documented.get(BESIDE));
              assertThat(served).isEqualTo(documented);
            });
  }

  private static Map<String, String> served() throws Exception {
    Scrape scrape = scrape();
    Map<String, String> served = new TreeMap<>();
    scrape
        .types()
        .forEach(
            (name, type) -> {
              String histogram = name.replaceFirst("_max$", "");
              if (histogram.equals(name) || !scrape.types().containsKey(histogram)) {
                served.put(name, type + " " + scrape.labels(name));
              }
            });
    return served;
  }

  private static String unit(String name) {
    String base = name.replaceFirst("_total$", "");
    return base.endsWith("_seconds") ? "seconds" : base.endsWith("_bytes") ? "bytes" : "";
  }

  @Test
  void keepsTheRulesOfPrometheus() throws Exception {
    Assumptions.assumeTrue(Promtool.isInstalled(), Promtool.MISSING);

    assertThat(Promtool.check("metrics", scrape().text())).isEmpty();
  }

  @Test
  void prometheusUnderstandsMetricsAlertsAndDashboards() throws Exception {
    Assumptions.assumeTrue(Promtool.isInstalled(), Promtool.MISSING);
    String target = stack.environment.get("LLM_ROUTES_PORT");
    try (Prometheus prometheus = new Prometheus(stack.data.resolve("prometheus"), target)) {
      await()
          .until(
              () -> "up".equals(prometheus.get("targets").at("/activeTargets/0/health").asText()));
      await()
          .untilAsserted(
              () ->
                  assertThat(prometheus.get("rules").findValuesAsText("health"))
                      .isNotEmpty()
                      .containsOnly("ok"));
      for (ObservabilityFilesTest.Query query : ObservabilityFilesTest.queries()) {
        assertThat(prometheus.query(query.expression()).path("result").isArray())
            .as(query.where())
            .isTrue();
      }
      assertThat(prometheus.query("llm_routes_turns_total{outcome=\"stop\"} > 0").path("result"))
          .isNotEmpty();
      assertThat(prometheus.query("ALERTS{alertstate=\"firing\"}").path("result")).isEmpty();
    }
  }

  @Test
  void peopleAndWhatTheyWriteMakeNoSeries() throws Exception {
    // whatever fails is seen before, so that codes and steps have their series; twice, since what
    // comes after an answer is counted after it was heard
    askAsSomebodyElse();
    askAsSomebodyElse();
    Scrape before = scrape();

    for (int i = 0; i < 5; i++) {
      askAsSomebodyElse();
    }

    assertThat(names(scrape())).isEqualTo(names(before));
  }

  private static void askAsSomebodyElse() throws Exception {
    String own = "x" + UUID.randomUUID().toString().replace("-", "");
    Map<String, Object> request = Client.request("What is " + own + "?");
    request.put("session_id", own);
    request.put("model", own);
    assertThat(new Client(stack.nats).ask(request).response()).containsEntry("success", true);
    Map<String, Object> unknown = Client.request("Where is " + own + "?");
    unknown.put("collection", own);
    assertThat(new Client(stack.nats).ask(unknown).response()).containsEntry("success", false);
    Map<String, Object> wrong = Client.request("Why?");
    wrong.put(own, own);
    wrong.put("top_k", own);
    assertThat(new Client(stack.nats).ask(wrong).response()).containsEntry("success", false);
    for (String path : new String[] {"/api/requests/" + own, "/" + own, "/v1/models/" + own}) {
      new GatewayClient(stack.environment, null).get(path);
    }
  }

  /** But for those of causes of garbage collections, which come when they come. */
  private static TreeSet<String> names(Scrape scrape) {
    return scrape
        .text()
        .lines()
        .filter(line -> !line.startsWith("#") && !line.startsWith("jvm_gc_pause"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void tellsOfATurn() throws Exception {
    Scrape before = scrape();
    assertThat(new Client(stack.nats).ask(Client.request("Counted?")).response())
        .containsEntry("success", true);

    await().untilAsserted(() -> assertTellsOfATurn(before, scrape()));
  }

  private static void assertTellsOfATurn(Scrape before, Scrape after) {
    String[] chat = {"route", "chat"};
    assertThat(grown(before, after, "llm_routes_turns_total", "route", "chat", "outcome", "stop"))
        .isEqualTo(1);
    for (String histogram :
        new String[] {
          "llm_routes_turn_seconds_count", "llm_routes_turn_first_token_seconds_count"
        }) {
      assertThat(grown(before, after, histogram, chat)).as(histogram).isEqualTo(1);
    }
    assertThat(grown(before, after, "llm_routes_step_seconds_count", "step", "generate-answer"))
        .isEqualTo(1);
    assertThat(grown(before, after, "llm_routes_service_calls_total", "service", "embeddings"))
        .isEqualTo(1);
    assertThat(
            grown(before, after, "gen_ai_client_token_usage_count", "gen_ai_token_type", "input"))
        .isPositive();
    assertThat(grown(before, after, "llm_routes_consumer_settlements_total", "settlement", "ack"))
        .isPositive();
  }

  @Test
  void tellsOfWhatFails() throws Exception {
    Scrape before = scrape();
    stack.vllm.script(request -> FakeVllm.Reply.failing(400));
    assertThat(new Client(stack.nats).ask(Client.request("Refused?")).response())
        .containsEntry("success", false);
    stack.vllm.script(request -> FakeVllm.Reply.of("Well."));

    await().untilAsserted(() -> assertTellsOfWhatFails(before, scrape()));
  }

  private static void assertTellsOfWhatFails(Scrape before, Scrape after) {
    assertThat(grown(before, after, "llm_routes_turns_total", "outcome", "rejected")).isEqualTo(1);
    assertThat(
            grown(
                before,
                after,
                "llm_routes_dead_letters_total",
                "family",
                "chat",
                "code",
                "rejected"))
        .isEqualTo(1);
    assertThat(
            grown(
                before,
                after,
                "llm_routes_service_calls_total",
                "service",
                "llm",
                "outcome",
                "rejected"))
        .isPositive();
  }

  @Test
  void hasWhatHasNotHappenedYet() throws Exception {
    Scrape scrape = scrape();

    assertThat(scrape.samples("llm_routes_dead_letters_total"))
        .map(sample -> sample.labels().toString())
        .contains("{code=timeout, family=voice}", "{code=internal, family=pipeline}");
    assertThat(scrape.samples("llm_routes_service_breakers"))
        .map(sample -> sample.labels().toString())
        .contains("{service=reranker, state=open}");
    assertThat(scrape.samples("llm_routes_pipeline_runs_total"))
        .map(sample -> sample.labels().toString())
        .contains("{engine=local, pipeline=document-ingestion, status=failed}");
    assertThat(scrape.value("llm_routes_credential_expiry_timestamp_seconds")).isEqualTo(ENDS);
  }

  private static double grown(Scrape before, Scrape after, String name, String... labels) {
    return after.value(name, labels) - before.value(name, labels);
  }
}
