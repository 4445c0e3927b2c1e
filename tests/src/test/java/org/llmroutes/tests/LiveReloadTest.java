package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.platform.Platform;
import org.slf4j.LoggerFactory;

/** Editing a copy of the project while it serves. */
class LiveReloadTest {
  private static final String ROUTE = "routes/chat.camel.yaml";
  private static final String BEFORE_PROMPT = "        - to:\n            id: build-prompt\n";
  private static final String FORGET_SOURCES =
      """
              - removeVariable:
                  id: forget-sources
                  name: sources
      """;

  @TempDir static Path home;
  private static ProjectCopy project;
  private static Stack stack;
  private static String collection;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Client client = new Client(stack.nats);

  @BeforeAll
  static void start() throws IOException {
    project = ProjectCopy.into(home);
    stack = new Stack(home, Platform::watch);
    collection = stack.documents.collectionOf("A reload takes less than two seconds.");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void putBack() throws IOException {
    for (String file : List.of(ROUTE, "kamelets/compose-answer-action.kamelet.yaml")) {
      project.putBack(file);
    }
    await().until(this::usesSources);
    logger().detachAppender(log);
  }

  @Test
  void servesAnInsertedStep() throws IOException {
    assertThat(usesSources()).isTrue();

    project.edit(ROUTE, BEFORE_PROMPT, FORGET_SOURCES + BEFORE_PROMPT);

    await().until(() -> !usesSources());
  }

  @Test
  void servesAChangedKamelet() throws IOException {
    project.edit(
        "kamelets/compose-answer-action.kamelet.yaml", "default: sources", "default: nothing");

    await().until(() -> !usesSources());
  }

  @Test
  void keepsServingWhileAFileIsBrokenAndRecoversWhenItIsPutRight() throws IOException {
    project.edit(ROUTE, BEFORE_PROMPT, "        - to: [\n" + BEFORE_PROMPT);

    awaitLog(ROUTE + ":");
    assertThat(usesSources()).isTrue();

    project.edit(ROUTE, "        - to: [\n", FORGET_SOURCES);

    await().until(() -> !usesSources());
  }

  @Test
  void takesBackWhatOnlyCamelRefuses() throws IOException {
    project.edit(
        ROUTE,
        BEFORE_PROMPT,
        "        - process:\n            id: unbound\n            ref: nobody\n" + BEFORE_PROMPT);

    awaitLog("nobody");
    awaitLog("the last good routes serve again");
    assertThat(usesSources()).isTrue();
  }

  @Test
  void finishesWhatIsInWork() throws Exception {
    CountDownLatch reloading = new CountDownLatch(1);
    stack.vllm.script(
        request -> {
          DeliveryTest.awaitQuietly(reloading);
          return FakeVllm.Reply.of("In time.");
        });
    int before = stack.vllm.requests().size();
    Map<String, Object> request = Client.request("Am I lost?");

    Asked asked =
        client.listen(
            (String) request.get("request_id"),
            () -> {
              client.send(client.user, Client.pack(request));
              await().until(() -> stack.vllm.requests().size() == before + 1);
              project.edit(ROUTE, BEFORE_PROMPT, FORGET_SOURCES + BEFORE_PROMPT);
              try {
                awaitLog("Reloading");
              } finally {
                reloading.countDown();
              }
            });

    assertThat(asked.text()).isEqualTo("In time.");
    assertThat(stack.vllm.requests()).hasSize(before + 1);
    await().until(() -> !usesSources());
  }

  private boolean usesSources() {
    Map<String, Object> request = Client.request("How long does a reload take?");
    request.put("collection", collection);
    return (boolean) client.ask(request).response().get("used_rag");
  }

  private void awaitLog(String part) {
    await()
        .until(
            () ->
                List.copyOf(log.list).stream()
                    .anyMatch(event -> event.getFormattedMessage().contains(part)));
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("org.llmroutes.platform");
  }
}
