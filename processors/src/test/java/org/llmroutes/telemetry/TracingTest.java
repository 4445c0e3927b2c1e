package org.llmroutes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.slf4j.MDC;

/** Spans as the routes open them, with and without a collector. */
class TracingTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private Runnable stop = () -> {};

  @AfterEach
  void stop() {
    stop.run();
  }

  private void start(Map<String, String> environment) {
    stop = Tracing.start(Settings.load(Project.root(), environment));
  }

  private static Span received(Map<String, String> headers) {
    return Tracing.receive(Span.Kind.CONSUMER, "chat turn", headers::get);
  }

  private static Map<String, String> injected(Span span) {
    Map<String, String> headers = new HashMap<>();
    span.inject(headers::put);
    return headers;
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, false",
        "OTEL_SERVICE_NAME, chat, false",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://127.0.0.1:1, true",
        "OTEL_EXPORTER_OTLP_ENDPOINT, ' ', false",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://127.0.0.1:1/v1/traces, true",
        "OTEL_TRACES_EXPORTER, otlp, true",
        "OTEL_TRACES_EXPORTER, none, false",
        "TELEMETRY_LOCAL, true, true"
      })
  void isSwitchedOnByWhateverNamesACollector(String name, String value, boolean on) {
    start(name == null ? Map.of() : Map.of(name, value));

    assertThat(Tracing.isOn()).isEqualTo(on);
  }

  @Test
  void isSwitchedOffAsAnySdkIs() {
    start(
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
            "OTEL_SDK_DISABLED", "TRUE",
            "TELEMETRY_LOCAL", "true"));

    assertThat(Tracing.isOn()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, not an address",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc",
    "OTEL_EXPORTER_OTLP_PROTOCOL, carrier-pigeon",
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_TRACES_SAMPLER, sometimes",
    "OTEL_PROPAGATORS, b3",
    "OTEL_BSP_MAX_QUEUE_SIZE, many"
  })
  void goesOnWithoutTracesWhereAVariableSaysWhatCannotBe(String name, String value) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    environment.put(name, value);

    start(environment);

    assertThat(received(Map.of()).begin(Span.Kind.INTERNAL, "step")).isSameAs(Span.NONE);
  }

  @Test
  void goesOnWithTheTraceOfWhatIsReceived() {
    start(Map.of("TELEMETRY_LOCAL", "true"));

    Span turn = received(Map.of("traceparent", PARENT, "tracestate", "congo=1"));

    assertThat(injected(turn).get("traceparent"))
        .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
        .endsWith("-01")
        .doesNotContain("b7ad6b7169203331");
    assertThat(injected(turn)).containsEntry("tracestate", "congo=1");
  }

  @Test
  void hostileHeadersBeginATraceOfTheirOwn() {
    start(Map.of("TELEMETRY_LOCAL", "true"));
    for (String value : TraceContextTest.othersAreNone().toList()) {
      Map<String, String> headers = injected(received(Map.of("traceparent", value)));
      assertThat(headers.get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
      assertThat(headers).hasSize(1);
    }
    for (String value : TraceContextTest.otherStatesAreNone().toList()) {
      assertThat(injected(received(Map.of("traceparent", PARENT, "tracestate", value))))
          .containsOnlyKeys("traceparent");
    }
    assertThat(
            injected(received(Map.of("traceparent", PARENT, "baggage", "a=" + "b".repeat(10_000)))))
        .containsOnlyKeys("traceparent");
  }

  @Test
  void leavesTheDecisionToTheSampler() {
    start(
        Map.of(
            "TELEMETRY_LOCAL", "true",
            "OTEL_TRACES_SAMPLER", "traceidratio",
            "OTEL_TRACES_SAMPLER_ARG", "0"));

    Span turn = received(Map.of("traceparent", PARENT));

    assertThat(turn.isRecorded()).isFalse();
    assertThat(injected(turn).get("traceparent")).endsWith("-00");
  }

  @Test
  void saysInLogLinesWhatAThreadWorksOn() {
    start(Map.of("TELEMETRY_LOCAL", "true"));
    Span turn = received(Map.of("traceparent", PARENT));
    try (Span.Scope ignored = turn.enter()) {
      turn.request("r1");
      Span step = Tracing.current().begin(Span.Kind.INTERNAL, "step");
      try (Span.Scope ignoredToo = step.enter()) {
        assertThat(MDC.get("trace_id")).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(step.traceparent()).contains(MDC.get("span_id"));
        assertThat(MDC.get("request_id")).isEqualTo("r1");
      }
      assertThat(turn.traceparent()).contains(MDC.get("span_id"));
    }
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(Tracing.current()).isSameAs(Span.NONE);
  }

  @Test
  void isCarriedToOtherThreads() throws Exception {
    start(Map.of("TELEMETRY_LOCAL", "true"));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Callable<Span> current = Tracing::current;
    try {
      Span turn = received(Map.of());
      try (Span.Scope ignored = turn.enter()) {
        assertThat(thread.submit(Tracing.carry(current)).get()).isSameAs(turn);
        Span[] seen = new Span[1];
        CountDownLatch done = new CountDownLatch(1);
        Executor carrying = Tracing.carrying(thread);
        carrying.execute(
            () -> {
              seen[0] = Tracing.current();
              done.countDown();
            });
        done.await();
        assertThat(seen[0]).isSameAs(turn);
      }
      assertThat(thread.submit(current).get()).isSameAs(Span.NONE);
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void keepsTheNewestSpansOfARequestEndedOrNot() {
    start(Map.of("TELEMETRY_LOCAL", "true", "TELEMETRY_KEPT_SPANS", "4"));
    Span turn = received(Map.of("traceparent", PARENT));
    turn.request("r1");
    turn.begin(Span.Kind.INTERNAL, "step").end();

    List<SpanView> found = Tracing.find("r1").orElseThrow();

    assertThat(found).extracting(SpanView::name).containsExactly("chat turn", "step");
    assertThat(found).extracting(SpanView::ended).containsExactly(false, true);
    assertThat(Tracing.find("r2").orElseThrow()).isEmpty();
    IntStream.range(0, 4).forEach(i -> received(Map.of()).end());
    assertThat(Tracing.find("r1").orElseThrow()).isEmpty();
  }

  /** The collector takes connections and says nothing. */
  @Test
  @Timeout(60)
  void isStoppedWhileTheCollectorHangs() throws IOException {
    CountDownLatch letGo = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.setExecutor(threads);
    collector.createContext(
        "/",
        exchange -> {
          try {
            letGo.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    collector.start();
    try {
      start(
          Map.of(
              "OTEL_EXPORTER_OTLP_ENDPOINT",
              "http://127.0.0.1:" + collector.getAddress().getPort(),
              "OTEL_EXPORTER_OTLP_TIMEOUT",
              Long.toString(Duration.ofHours(1).toMillis())));
      SimpleMeterRegistry shown = new SimpleMeterRegistry();
      Metrics.addRegistry(shown);
      IntStream.range(0, 20_000).forEach(i -> received(Map.of()).end());
      assertThat(Metrics.globalRegistry.get("llm.routes.spans.dropped").functionCounter().count())
          .isGreaterThan(10_000);
      stop.run();
      assertThat(letGo.getCount()).isEqualTo(1);
    } finally {
      letGo.countDown();
      collector.stop(0);
      threads.shutdownNow();
    }
  }

  /** A loader that has no SDK. */
  @Test
  void needsNoClassOfTheSdkWhileItIsOff() throws Exception {
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .filter(entry -> !entry.contains("opentelemetry"))
            .map(TracingTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader without =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      Class<?> settings = without.loadClass(Settings.class.getName());
      Object loaded =
          settings.getMethod("load", Path.class, Map.class).invoke(null, Project.root(), Map.of());
      Class<?> tracing = without.loadClass(Tracing.class.getName());
      tracing.getMethod("start", settings).invoke(null, loaded);
      assertThat(tracing.getMethod("current").invoke(null).getClass().getSimpleName())
          .isEqualTo("NoSpan");
    }
    try (Stream<Path> sources = Files.walk(Project.root().resolve("processors/src/main/java"))) {
      assertThat(sources.filter(Files::isRegularFile).filter(TracingTest::namesTheSdk))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder(
              "OtelSpan.java",
              "OtelTracer.java",
              "OtelRing.java",
              "OtelLosses.java",
              "OtelDrops.java");
    }
  }

  private static boolean namesTheSdk(Path source) {
    try {
      return Files.readString(source).contains("import io.opentelemetry");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
