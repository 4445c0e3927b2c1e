package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.llmroutes.logging.LogLines;
import org.llmroutes.logging.StandardError;
import org.llmroutes.metrics.Meters;
import org.llmroutes.rehearsal.Rehearsal;
import org.slf4j.LoggerFactory;

/** A rehearsal needs no service, and nobody sees it. */
class RehearsalTest {
  private final Settings settings = turns(3, 1);

  @Test
  void isNeitherHeardNorCounted() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    StandardError log = log(root.getLoggerContext(), written);
    root.addAppender(log);
    PrometheusMeterRegistry shown = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Meters.registry().add(shown);
    try {
      assertThat(new Rehearsal(settings, () -> false, () -> false).run()).isEqualTo(3);
      LoggerFactory.getLogger(RehearsalTest.class).info("heard again");
    } finally {
      root.detachAppender(log);
      Meters.registry().remove(shown);
    }

    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("heard again");
    assertThat(shown.scrape()).doesNotContain("rehearsal");
  }

  private static StandardError log(LoggerContext context, ByteArrayOutputStream written) {
    LogLines lines = new LogLines();
    lines.setContext(context);
    lines.start();
    StandardError log = new StandardError();
    log.setContext(context);
    log.setEncoder(lines);
    PrintStream before = System.err;
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      log.start();
    } finally {
      System.setErr(before);
    }
    return log;
  }

  @Test
  void manyAtTheSameTimeAreAllAnsweredWithAllThatWasAskedFor() {
    assertThat(new Rehearsal(turns(40, 8), () -> false, () -> false).run()).isEqualTo(40);
  }

  @Test
  void answersFromDocumentsWhereThereAreAny() {
    assertThat(new Rehearsal(settings, () -> false, () -> true).run()).isEqualTo(3);
  }

  @Test
  void waitsWhileThereIsWork() {
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Void> worked = new CompletableFuture<>();
    CompletableFuture<Integer> turns =
        CompletableFuture.supplyAsync(
            () ->
                new Rehearsal(
                        settings,
                        () -> {
                          asked.incrementAndGet();
                          return !worked.isDone();
                        },
                        () -> false)
                    .run(),
            task -> new Thread(task).start());

    await().untilAtomic(asked, org.hamcrest.Matchers.greaterThan(5));
    assertThat(turns).isNotDone();
    worked.complete(null);
    assertThat(turns).succeedsWithin(java.time.Duration.ofSeconds(30)).isEqualTo(3);
  }

  private static Settings turns(int turns, int workers) {
    return Settings.load(
        Project.root(),
        Map.of(
            "REHEARSAL_TURNS",
            Integer.toString(turns),
            "REHEARSAL_WORKERS",
            Integer.toString(workers),
            "NATS_URL",
            "nats://127.0.0.1:1"));
  }
}
