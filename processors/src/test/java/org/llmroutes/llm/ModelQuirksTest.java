package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Servers that refuse what others take are asked in their own way, and at once the next time. */
@Timeout(20)
class ModelQuirksTest {
  private static final List<ChatMessage> MESSAGES =
      List.of(
          new ChatMessage("system", "Be brief."),
          new ChatMessage("user", "Hello?"),
          new ChatMessage("assistant", "Yes?"),
          new ChatMessage("user", "What do herons eat?"));
  private static final CompletionRequest REQUEST = new CompletionRequest(MESSAGES, null, 0.0, 100);

  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("Fish."));
  private final ChatModel model = model("", 0);

  private ChatModel model(String name, int priority) {
    return new OpenAiChatModel(
        Streams.settings(vllm.baseUrl(), name, Duration.ofSeconds(10)), priority);
  }

  @AfterEach
  void stop() {
    vllm.close();
  }

  private void refusing(Predicate<JsonNode> what, int status, String words) {
    vllm.script(request -> what.test(request) ? Reply.failing(status, words) : Reply.of("Fish."));
  }

  private String ask() {
    return ask(model, REQUEST);
  }

  private static String ask(ChatModel model, CompletionRequest request) {
    return model.stream(request, Deadline.never(), token -> {}).text();
  }

  private JsonNode lastAsked() {
    return vllm.requests().get(vllm.requests().size() - 1);
  }

  private static boolean hasSystem(JsonNode request) {
    return request.path("messages").findValuesAsText("role").contains("system");
  }

  static Stream<Arguments> optional() {
    return Stream.of(
        Arguments.of(
            (Predicate<JsonNode>) request -> request.has("stream_options"),
            422,
            "body.stream_options.include_usage: Extra inputs are not permitted"),
        Arguments.of(
            (Predicate<JsonNode>) request -> request.has("max_tokens"),
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                + " 'max_completion_tokens' instead."),
        Arguments.of(
            (Predicate<JsonNode>) request -> request.has("temperature"),
            400,
            "Unsupported value: 'temperature' does not support 0.0 with this model. Only the default"
                + " (1) value is supported."),
        Arguments.of(
            (Predicate<JsonNode>) ModelQuirksTest::hasSystem, 400, "System role not supported"),
        Arguments.of(
            (Predicate<JsonNode>) ModelQuirksTest::hasSystem,
            500,
            "Conversation roles must alternate user/assistant/user/assistant/..."));
  }

  @ParameterizedTest
  @MethodSource("optional")
  void whatIsRefusedIsLeftOutFromThenOn(Predicate<JsonNode> what, int status, String words) {
    refusing(what, status, words);

    assertThat(ask()).isEqualTo("Fish.");
    assertThat(vllm.requests()).hasSize(2);
    assertThat(ask()).isEqualTo("Fish.");
    assertThat(vllm.requests()).as("asked so at once").hasSize(3);
    assertThat(model.complete(REQUEST, Deadline.never()).text()).isEqualTo("Fish.");
    assertThat(vllm.requests()).as("in one piece as well").hasSize(4);
  }

  @Test
  void severalAreFoundOutOneByOne() {
    vllm.script(
        request ->
            request.has("stream_options")
                ? Reply.failing(422, "extra: stream_options")
                : hasSystem(request)
                    ? Reply.failing(400, "System role not supported")
                    : Reply.of("Fish."));
    assertThat(ask()).isEqualTo("Fish.");
    assertThat(vllm.requests()).hasSize(3);
  }

  @Test
  void withoutASystemRoleInstructionsBeginTheFirstMessage() {
    refusing(ModelQuirksTest::hasSystem, 400, "System role not supported");
    ask();
    assertThat(lastAsked().path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "user");
    assertThat(lastAsked().at("/messages/0/content").asText()).isEqualTo("Be brief.\n\nHello?");
  }

  @Test
  void theLimitHasItsOtherName() {
    refusing(request -> request.has("max_tokens"), 400, "Use 'max_completion_tokens' instead.");
    ask();
    assertThat(lastAsked().path("max_completion_tokens").asInt()).isEqualTo(100);
  }

  @Test
  void whatIsFoundOutHoldsForOneModel() {
    refusing(
        request -> "gemma".equals(request.path("model").asText()) && hasSystem(request),
        400,
        "System role not supported");
    ask(model, new CompletionRequest(MESSAGES, "gemma", null, null));
    ask();
    assertThat(hasSystem(lastAsked())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"temperature must be between 0 and 2", "max_tokens must be at least 1"})
  void aValueThatIsRefusedStaysRefused(String words) {
    refusing(request -> true, 400, words);
    rejected(words);
    assertThat(vllm.requests()).hasSize(1);
  }

  @Test
  void aPriorityThatIsRefusedNamesItsSetting() {
    refusing(request -> request.has("priority"), 400, "Priority scheduling is not enabled.");
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> ask(model("", 1), REQUEST))
        .withMessageContaining("batch.priority")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  private void rejected(String words) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(this::ask)
        .withMessageContaining(words)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
        "the request exceeds the available context size (4096 tokens), try increasing it",
        "input is too large to process. increase the physical batch size",
        "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens",
        "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
        "prompt is too long: 5000 tokens > 4096 maximum",
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded"
            + " with context length of only 4096 tokens",
        "the input length exceeds the context length"
      })
  void aPromptThatDoesNotFitIsToldAsSuch(String words) {
    for (int status : new int[] {400, 500}) {
      refusing(request -> true, status, words);
      assertThatExceptionOfType(PromptTooLong.class)
          .isThrownBy(() -> ask(model, new CompletionRequest(MESSAGES, null, null, null)))
          .withMessageContaining(words)
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
    }
    assertThat(vllm.requests()).as("never the same again").hasSize(2);
  }

  @Test
  void aLimitThatTheContextHasNoRoomForIsLeftOut() {
    refusing(
        request -> request.has("max_tokens"),
        400,
        "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context"
            + " length is 4096 tokens and your request has 1000 input tokens");
    assertThat(ask()).isEqualTo("Fish.");
    assertThat(lastAsked().has("max_completion_tokens")).isFalse();
    ask();
    assertThat(vllm.requests()).as("the next one is another").hasSize(4);
  }
}
