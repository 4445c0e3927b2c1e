package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Ports;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.ProductCommand.Result;

/** {@code batch} as a process of its own, against a vLLM that fails on demand. */
class BatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("Re: ", prompt(request)));
  private final Map<String, String> environment = new HashMap<>();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    vllm.close();
  }

  @Test
  void everyLineIsAskedAsItSays() throws Exception {
    input(
        "{\"id\": \"greeting\", \"prompt\": \"Hello\", \"temperature\": 0.5}",
        "",
        "{\"messages\": [{\"role\": \"system\", \"content\": \"Be brief\"},"
            + " {\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 7}");

    Result result = batch("--max-tokens", "99", "--model", "other");

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("2 done, 0 failed, 0 skipped; 14 prompt and 4 completion tokens");
    JsonNode greeting = results().get("greeting");
    assertThat(greeting.path("response").asText()).isEqualTo("Re: Hello");
    assertThat(greeting.path("model").asText()).isEqualTo(FakeVllm.MODEL);
    assertThat(greeting.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(greeting.path("usage").toString())
        .isIn(
            "{\"prompt_tokens\":7,\"completion_tokens\":2}",
            "{\"completion_tokens\":2,\"prompt_tokens\":7}");
    assertThat(results().get("3").path("response").asText()).isEqualTo("Re: Hi");
    assertThat(asked("Hello").path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(asked("Hello").path("max_tokens").asInt()).isEqualTo(99);
    assertThat(asked("Hello").path("model").asText()).isEqualTo("other");
    assertThat(asked("Hi").path("max_tokens").asInt()).isEqualTo(7);
    assertThat(asked("Hi").path("messages").path(0).path("content").asText()).isEqualTo("Be brief");
    assertThat(asked("Hi").has("priority")).isFalse();
  }

  @Test
  void aLineThatCannotBeAskedGetsAnErrorAndTheOthersGoOn() throws Exception {
    input(
        "{\"prompt\": \"good\"}",
        "no JSON",
        "{\"id\": \"empty\"}",
        "{\"id\": \"1\", \"prompt\": \"its id is the number of the first line\"}",
        "{\"id\": \"hot\", \"prompt\": \"x\", \"temperature\": \"hot\"}",
        "{\"prompt\": \"good too\"}");

    Result first = batch();
    Map<String, JsonNode> firstResults = results();
    Result second = batch();

    assertThat(first.exit()).isEqualTo(3);
    assertThat(first.output()).contains("2 done, 4 failed, 0 skipped");
    assertThat(firstResults.get("line 2").at("/error/message").asText()).startsWith("not JSON");
    assertThat(firstResults.get("line 3").at("/error/message").asText()).contains("prompt or");
    assertThat(firstResults.get("line 4").at("/error/message").asText()).contains("earlier line");
    assertThat(firstResults.get("line 5").at("/error/code").asText()).isEqualTo("invalid_message");
    assertThat(second.output()).contains("0 done, 4 failed, 2 skipped");
    assertThat(results()).isEqualTo(firstResults);
    assertThat(vllm.requests()).hasSize(2);
  }

  @Test
  void whatTheModelRefusesIsAnErrorThatTheNextRunTriesAgain() throws Exception {
    input(prompts(3));
    vllm.script(request -> "2".equals(prompt(request)) ? Reply.failing(400) : Reply.of("ok"));
    environment.put("LLM_ROUTES_SUMMARY_FILE", summaryFile().toString());

    Result first = batch();
    JsonNode refused = results().get("2");
    vllm.script(request -> Reply.of("now"));
    environment.put("LLM_ROUTES_SUMMARY_FILE", folder.resolve("missing/summary").toString());
    Result second = batch();

    assertThat(first.exit()).isEqualTo(3);
    assertThat(summary())
        .isEqualTo(
            "2 lines done, 1 failed, 0 skipped; the last error: line 2: "
                + refused.at("/error/message").asText());
    assertThat(refused.at("/error/code").asText()).isEqualTo("rejected");
    assertThat(refused.path("line").asInt()).isEqualTo(2);
    assertThat(second.exit()).isZero();
    assertThat(second.output()).contains("1 done, 0 failed, 2 skipped");
    assertThat(results().get("2").path("response").asText()).isEqualTo("now");
  }

  @Test
  void soManyAreInWorkAsWereAskedForAndNoMore() throws Exception {
    int concurrency = 3;
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier together = new CyclicBarrier(concurrency);
    input(prompts(4 * concurrency));
    vllm.script(
        request -> {
          most.accumulateAndGet(working.incrementAndGet(), Math::max);
          pass(together);
          working.decrementAndGet();
          return Reply.of("ok");
        });

    Result result = batch("--concurrency", Integer.toString(concurrency));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(most).hasValue(concurrency);
  }

  @Test
  void aKilledRunGoesOnWhereItStoppedAndDoublesNothing() throws Exception {
    CountDownLatch held = holdAfter(5);
    input(prompts(12));
    Process process = start("--concurrency", "2");
    await().until(() -> lines().size() == 5 && vllm.requests().size() == 7);

    process.destroyForcibly().waitFor();
    held.countDown();
    String torn = "{\"id\":\"6\",\"respon";
    Files.writeString(output(), torn, StandardOpenOption.APPEND);
    Result result = batch();

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("7 done, 0 failed, 5 skipped");
    assertThat(vllm.requests()).hasSize(7 + 7);
    assertThat(lines()).hasSize(12);
    assertThat(results().values()).allMatch(line -> line.has("response"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("in.jsonl", "out.jsonl", "output");
    }
  }

  @Test
  void ctrlCClosesWhatIsInWorkAndTheNextRunGoesOn() throws Exception {
    input(prompts(6));
    vllm.script(
        request ->
            Integer.parseInt(prompt(request)) > 3
                ? Reply.of("a", "b").hangAfter(1)
                : Reply.of("ok"));
    Process process = start("--concurrency", "2");
    await().until(() -> lines().size() == 3 && vllm.requests().size() == 5);

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Result cancelled = command().result(process);
    vllm.script(request -> Reply.of("ok"));
    Result again = batch();

    assertThat(cancelled.exit()).isEqualTo(130);
    assertThat(cancelled.output()).contains("Cancelled", "3 done, 0 failed, 0 skipped");
    assertThat(again.output()).contains("3 done, 0 failed, 3 skipped");
    assertThat(results()).hasSize(6);
  }

  @Test
  void aServiceThatIsFullIsAskedAgainLater() throws Exception {
    AtomicInteger refusals = new AtomicInteger(5);
    vllm.script(
        request -> refusals.getAndDecrement() > 0 ? Reply.failing(429) : Reply.of("at last"));
    input(prompts(1));

    Result result = batch();

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(results().get("1").path("response").asText()).isEqualTo("at last");
    assertThat(vllm.requests()).hasSize(6);
  }

  @Test
  void aServiceThatIsAwayEndsTheRunAndNothingIsLost() throws Exception {
    String nowhere = "http://127.0.0.1:" + Ports.free(0) + "/v1";
    environment.put("VLLM_URL", nowhere);
    environment.put("VLLM_MODEL", FakeVllm.MODEL);
    environment.put("BATCH_PATIENCE", "100ms");
    environment.put("LLM_ROUTES_SUMMARY_FILE", summaryFile().toString());
    input(prompts(50));

    Result away = batch("--concurrency", "1");
    int tried = lines().size();
    environment.clear();
    Result back = batch();

    assertThat(away.exit()).isEqualTo(1);
    assertThat(summary()).startsWith("llm cannot be reached");
    assertThat(away.output()).contains("llm cannot be reached (" + nowhere + ")", "run it again");
    assertThat(tried).isBetween(1, 10);
    assertThat(back.output()).contains("50 done, 0 failed, 0 skipped");
    assertThat(lines()).hasSize(50);
  }

  @Test
  void thePriorityIsSentWhereItIsSet() throws Exception {
    environment.put("BATCH_PRIORITY", "10");
    input(prompts(1));

    batch();

    assertThat(vllm.requests().get(0).path("priority").asInt()).isEqualTo(10);
  }

  @Test
  void anOutputThatAnotherRunWritesIsRefused() throws Exception {
    CountDownLatch held = holdAfter(1);
    input(prompts(2));
    Process first = start();
    await().until(() -> lines().size() == 1);

    Result second = batch();
    held.countDown();

    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.output()).contains("is being written by another run");
    assertThat(first.waitFor()).isZero();
    assertThat(results()).hasSize(2);
  }

  @Test
  void wrongUseIsSaidAndHarmsNothing() throws Exception {
    input(prompts(1));
    Files.writeString(folder.resolve("notes.txt"), "Not results\n");

    assertThat(command().run("batch", "nowhere.jsonl", "-o", "out.jsonl"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(2))
        .satisfies(r -> assertThat(r.output()).contains("There is no file nowhere.jsonl"));
    assertThat(command().run("batch", "in.jsonl", "-o", "in.jsonl"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(2));
    assertThat(command().run("batch", "in.jsonl", "-o", "notes.txt"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(1))
        .satisfies(r -> assertThat(r.output()).contains("no results of a batch in line 1"));
    assertThat(folder.resolve("notes.txt")).hasContent("Not results\n");
    assertThat(vllm.requests()).isEmpty();
  }

  @Test
  void aLineThatTheServiceFailsForEverIsLeftOutWhileTheOthersAreAnswered() throws Exception {
    environment.put("BATCH_PATIENCE", "3s");
    vllm.script(request -> "1".equals(prompt(request)) ? Reply.failing(500) : Reply.of("ok"));
    input(prompts(3));

    Result result = batch();

    assertThat(result.exit()).as(result.output()).isEqualTo(3);
    assertThat(results().get("1").at("/error/code").asText()).isEqualTo("unavailable");
  }

  @Test
  void wrongUseReachesTheSummaryToo() throws Exception {
    environment.put("LLM_ROUTES_SUMMARY_FILE", summaryFile().toString());

    assertThat(batch().exit()).isEqualTo(2);

    assertThat(summary()).isEqualTo("There is no file in.jsonl");
  }

  private Path summaryFile() {
    return folder.resolve("summary");
  }

  private String summary() throws IOException {
    return Files.readString(summaryFile());
  }

  /** Answers so many requests and lets the others wait. */
  private CountDownLatch holdAfter(int answered) {
    AtomicInteger left = new AtomicInteger(answered);
    CountDownLatch held = new CountDownLatch(1);
    vllm.script(
        request -> {
          if (left.getAndDecrement() <= 0) {
            pass(held);
          }
          return Reply.of("ok");
        });
    return held;
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pass(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] prompts(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "{\"prompt\": \"" + i + "\"}")
        .toArray(String[]::new);
  }

  private static String prompt(JsonNode request) {
    JsonNode messages = request.path("messages");
    return messages.path(messages.size() - 1).path("content").asText();
  }

  private JsonNode asked(String prompt) {
    return vllm.requests().stream()
        .filter(request -> prompt.equals(prompt(request)))
        .findFirst()
        .orElseThrow();
  }

  private void input(String... lines) throws IOException {
    Files.write(folder.resolve("in.jsonl"), List.of(lines));
  }

  private Path output() {
    return folder.resolve("out.jsonl");
  }

  private List<String> lines() throws IOException {
    return Files.exists(output()) ? Files.readAllLines(output()) : List.of();
  }

  /** By id, or {@code line 7} where there is none; fails where one is there twice. */
  private Map<String, JsonNode> results() throws IOException {
    return lines().stream()
        .map(BatchTest::parse)
        .collect(
            Collectors.toMap(
                line ->
                    line.path("id").isNull()
                        ? "line " + line.path("line").asInt()
                        : line.path("id").asText(),
                line -> line));
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private Map<String, String> services() {
    return Map.of("VLLM_URL", vllm.baseUrl());
  }

  private ProductCommand command() {
    return new ProductCommand(folder, services(), environment);
  }

  private Result batch(String... arguments) throws Exception {
    return command().run(full(arguments));
  }

  private Process start(String... arguments) throws IOException {
    return command().start(full(arguments));
  }

  private static String[] full(String... arguments) {
    return Stream.concat(Stream.of("batch", "in.jsonl", "-o", "out.jsonl"), Stream.of(arguments))
        .toArray(String[]::new);
  }
}
