package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.llmroutes.testing.ScriptedService.body;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** Short answers in one piece. */
class CompletionContractTest extends ServiceContract {

  CompletionContractTest() {
    super(new ScriptedService("openai", "/chat/completions", CompletionContractTest::answer));
  }

  private static Object answer(JsonNode request) {
    if (request.path("stream").asBoolean() || !request.path("messages").isArray()) {
      throw new IllegalArgumentException("Not a completion request: " + request);
    }
    return Map.of(
        "model",
        "the-model",
        "choices",
        List.of(Map.of("message", Map.of("content", "Hi"), "finish_reason", "length")),
        "usage",
        Map.of("prompt_tokens", 3, "completion_tokens", 1));
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    complete(settings, new CompletionRequest(Streams.MESSAGES, null, null, null), deadline);
  }

  private static Completion complete(
      ServiceSettings settings, CompletionRequest request, Deadline deadline) {
    return new OpenAiChatModel(settings).complete(request, deadline);
  }

  @Override
  protected String step() {
    return "llm";
  }

  @Test
  void theAnswerWithWhatTheServiceSaysAboutIt() {
    CompletionRequest request = new CompletionRequest(Streams.MESSAGES, "other", 0.5, 10);
    Completion completion = complete(service.settings(), request, Deadline.never());

    assertThat(completion)
        .usingRecursiveComparison()
        .ignoringFields("firstTokenMillis")
        .isEqualTo(new Completion("Hi", "the-model", "length", 3, 1, 0));
    assertThat(service.requests.get(0).toString())
        .isEqualTo(
            "{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}],"
                + "\"temperature\":0.5,\"max_tokens\":10}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'<think>\nOkay, the user' | length | ''",
        "'Okay, the user asks.\n</think>\n\nWhat do herons eat?' | stop | What do herons eat?",
        "'What do herons eat?' | stop | What do herons eat?",
      })
  void thoughtsAreNoPartOfIt(String content, String finish, String text) {
    service.failing(body(json(content.replace("\n", "\\n"), finish)));
    CompletionRequest request = new CompletionRequest(Streams.MESSAGES, null, null, null);
    assertThat(complete(service.settings(), request, Deadline.never()).text()).isEqualTo(text);
  }

  @Test
  void thoughtsThatAreKeptApartMayBeAllThereIs() {
    service.failing(
        body(
            "{\"choices\":[{\"message\":{\"content\":null,\"reasoning_content\":\"Okay\"},\"finish_reason\":\"length\"}]}"));
    CompletionRequest request = new CompletionRequest(Streams.MESSAGES, null, null, null);
    assertThat(complete(service.settings(), request, Deadline.never()).text()).isEmpty();
  }

  @Test
  void anErrorOfHttp200IsWhatItSays() {
    service.failing(body("{\"error\":{\"code\":400,\"message\":\"the reason\"}}"));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> call(service.settings(), Deadline.never()))
        .withMessageContaining("the reason")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  private static String json(String content, String finish) {
    return "{\"choices\":[{\"message\":{\"content\":\""
        + content
        + "\"},\"finish_reason\":\""
        + finish
        + "\"}]}";
  }
}
