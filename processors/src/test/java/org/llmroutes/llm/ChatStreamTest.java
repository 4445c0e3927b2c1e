package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.testing.Threads;

/** A streamed answer from vLLM, and every way in which it can end. */
@Timeout(20)
class ChatStreamTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1500);

  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("Hel", "lo", " ", "wörld"));
  private final List<String> tokens = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    vllm.close();
  }

  private Completion stream(Duration timeout, Deadline deadline, GenerationListener listener) {
    return new OpenAiChatModel(Streams.settings(vllm.baseUrl(), "m", timeout))
        .stream(Streams.REQUEST, deadline, listener);
  }

  private void fails(ErrorCode code, Duration timeout, Deadline deadline) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> stream(timeout, deadline, tokens::add))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.step()).isEqualTo("llm"));
  }

  @Test
  void tokensInOrderAndWhatTheServiceSaysAboutThem() {
    Completion completion = stream(LONG, Deadline.never(), tokens::add);

    assertThat(String.join("", tokens)).isEqualTo("Hello wörld");
    assertThat(completion)
        .usingRecursiveComparison()
        .ignoringFields("firstTokenMillis")
        .isEqualTo(new Completion("Hello wörld", FakeVllm.MODEL, "stop", 7, 4, 0));
    assertThat(vllm.requests().get(0).path("stream").asBoolean()).isTrue();
    assertThat(vllm.requests().get(0).at("/stream_options/include_usage").asBoolean()).isTrue();
  }

  @Test
  void aTokenIsHandedOutWhileTheServerStillWorks() {
    vllm.script(request -> Reply.of("first", "never").hangAfter(1));
    CompletableFuture<Completion> work =
        CompletableFuture.supplyAsync(
            () -> stream(LONG, Deadline.never(), tokens::add), Threads::start);

    await().untilAsserted(() -> assertThat(tokens).containsExactly("first"));
    assertThat(work).isNotDone();
    vllm.close();
    assertThat(work).failsWithin(Duration.ofSeconds(10));
  }

  @Test
  void anInterruptEndsASilentStreamAndIsNoOutage() {
    vllm.script(request -> Reply.of("first", "never").hangAfter(1));
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    CompletableFuture<Completion> work =
        CompletableFuture.supplyAsync(
            () -> {
              reader.complete(Thread.currentThread());
              return stream(LONG, Deadline.never(), tokens::add);
            },
            Threads::start);
    await().untilAsserted(() -> assertThat(tokens).containsExactly("first"));

    reader.join().interrupt();

    assertThat(work)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            StepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    assertThat(vllm.requests()).hasSize(1);
  }

  @Test
  void aStreamThatBreaksIsAnOutageAndNotBegunAgain() {
    vllm.script(request -> Reply.of("Hel", "lo", "!").cutAfter(2));
    fails(ErrorCode.UNAVAILABLE, LONG, Deadline.never());
    assertThat(String.join("", tokens)).isEqualTo("Hello");
    assertThat(vllm.requests()).hasSize(1);
  }

  @Test
  void aStreamThatBreaksBeforeTheFirstTokenIsBegunAgain() {
    AtomicInteger asked = new AtomicInteger();
    vllm.script(request -> asked.getAndIncrement() < 2 ? Reply.of("a").cutAfter(0) : Reply.of("b"));
    assertThat(stream(LONG, Deadline.never(), tokens::add).text()).isEqualTo("b");
    assertThat(tokens).containsExactly("b");
    assertThat(vllm.requests()).hasSize(3);
  }

  @Test
  void refusalsAreFinalAndOutagesTriedAgain() {
    vllm.script(request -> Reply.failing(400));
    fails(ErrorCode.REJECTED, LONG, Deadline.never());
    assertThat(vllm.requests()).hasSize(1);
    vllm.script(request -> Reply.failing(503));
    fails(ErrorCode.UNAVAILABLE, LONG, Deadline.never());
    assertThat(vllm.requests()).hasSize(4);
  }

  @Test
  void silenceLongerThanTheTimeoutIsAnOutage() {
    vllm.script(request -> Reply.of("Hel", "lo").hangAfter(1));
    fails(ErrorCode.UNAVAILABLE, SHORT, Deadline.never());
    assertThat(tokens).containsExactly("Hel");
  }

  /** The timeout is from token to token, not for the whole. */
  @Test
  void aLongStreamThatGoesOnIsNoSilence() {
    String[] many = new String[40];
    java.util.Arrays.fill(many, "x");
    vllm.script(request -> Reply.of(many).every(60_000));
    assertThat(stream(SHORT, Deadline.never(), tokens::add).text()).isEqualTo("x".repeat(40));
  }

  @Test
  void theDeadlineEndsAStreamThatGoesOn() {
    String[] many = new String[100_000];
    java.util.Arrays.fill(many, "x");
    vllm.script(request -> Reply.of(many).every(2_000));
    fails(ErrorCode.TIMEOUT, LONG, Deadline.in(SHORT));
    assertThat(tokens).isNotEmpty();
    await().untilAsserted(() -> assertThat(vllm.abandoned()).isOne());
  }

  @Test
  void theDeadlineEndsAStreamThatFellSilent() {
    vllm.script(request -> Reply.of("Hel", "lo").hangAfter(1));
    fails(ErrorCode.TIMEOUT, LONG, Deadline.in(SHORT));
  }

  @Test
  void whoeverStopsListeningStopsTheServer() {
    String[] many = new String[100_000];
    java.util.Arrays.fill(many, "x");
    vllm.script(request -> Reply.of(many).every(2_000));
    IllegalStateException enough = new IllegalStateException("enough");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                stream(
                    LONG,
                    Deadline.never(),
                    token -> {
                      throw enough;
                    }))
        .isSameAs(enough);
    await().untilAsserted(() -> assertThat(vllm.abandoned()).isOne());
    assertThat(vllm.requests()).hasSize(1);
  }

  @Test
  void withoutAModelTheFirstListedOneIsAsked() {
    ChatModel model = new OpenAiChatModel(Streams.settings(vllm.baseUrl(), "", LONG));
    CompletionRequest request = new CompletionRequest(Streams.MESSAGES, null, null, null);
    model.stream(request, Deadline.never(), tokens::add);
    assertThat(vllm.requests().get(0).path("model").asText()).isEqualTo(FakeVllm.MODEL);
  }

  @Test
  void theConfiguredModelIsAsked() {
    ChatModel model = new OpenAiChatModel(Streams.settings(vllm.baseUrl(), "configured", LONG));
    CompletionRequest request = new CompletionRequest(Streams.MESSAGES, null, null, null);
    model.stream(request, Deadline.never(), tokens::add);
    assertThat(vllm.requests().get(0).path("model").asText()).isEqualTo("configured");
  }
}
