package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Which model is asked where nobody names one, and when it has gone. */
@Timeout(20)
class ServedModelTest {
  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("Fish."));
  private final ChatModel model = model("");
  private int refusal = 404;
  private String words = "The model `%s` does not exist.";

  private ChatModel model(String configured) {
    return new OpenAiChatModel(
        Streams.settings(vllm.baseUrl(), configured, Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() {
    vllm.close();
  }

  /** Lists these and answers for one of them. */
  private void serving(String answering, String... listed) {
    vllm.models(listed);
    vllm.script(
        request -> {
          String asked = request.path("model").asText();
          return asked.equals(answering)
              ? Reply.of("Fish.")
              : Reply.failing(refusal, words.formatted(asked));
        });
  }

  private void asked(String... models) {
    assertThat(vllm.requests())
        .extracting(request -> request.path("model").asText())
        .containsExactly(models);
  }

  private static void ask(ChatModel model, String named) {
    model.stream(
        new CompletionRequest(Streams.MESSAGES, named, null, null), Deadline.never(), token -> {});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | The model `%s` does not exist.",
        "404 | model '%s' not found, try pulling it first",
        "404 | ''",
        "400 | Model %s is not loaded",
        "400 | Invalid model identifier: no such model %s",
      })
  void anotherModelBehindTheSameUrlIsAskedInstead(int status, String said) {
    refusal = status;
    words = said;
    serving("model-a", "model-a");
    ask(model, null);
    serving("model-b", "model-b");
    ask(model, null);
    ask(model, null);
    asked("model-a", "model-a", "model-b", "model-b");
  }

  @Test
  void aModelThatTheRequestNamesIsNotReplaced() {
    serving("model-b", "model-b");
    rejected(model, "model-a", "The model `model-a` does not exist.");
    asked("model-a");
  }

  @Test
  void aModelThatTheSettingsNameIsNotReplacedAndTheSettingIsNamed() {
    serving("model-b", "model-b");
    rejected(model("model-a"), null, "VLLM_MODEL");
    asked("model-a");
  }

  @Test
  void aModelThatIsListedStillIsNotAskedForEver() {
    serving("none", "model-a");
    rejected(model, null, "does not exist");
    asked("model-a");
  }

  private static void rejected(ChatModel model, String named, String message) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> ask(model, named))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bge-m3:latest",
        "BAAI/bge-small-en-v1.5",
        "nomic-embed-text",
        "text-embedding-3-small",
        "intfloat/multilingual-e5-large",
        "sentence-transformers/all-MiniLM-L6-v2",
        "Qwen3-Reranker-0.6B",
        "Systran/faster-whisper-base",
        "whisper-1",
        "tts-1",
        "hexgrad/Kokoro-82M",
        "xtts",
        "stabilityai/sdxl-turbo",
        "gpt-image-1",
        "meta-llama/Llama-Guard-3-8B"
      })
  void aModelOfAnotherKindIsPassedOver(String other) {
    serving("qwen3:8b", other, "qwen3:8b", "llama3.2");
    ask(model, null);
    asked("qwen3:8b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-oss:20b",
        "llava:7b",
        "mistralai/Pixtral-12B",
        "google/gemma-3n-e4b-it",
        "e4b-chat",
        "HuggingFaceTB/SmolLM2-135M-Instruct"
      })
  void aModelThatCanChatIsTaken(String id) {
    serving(id, id, "other");
    ask(model, null);
    asked(id);
  }

  @Test
  void aModelThatRefusesToChatIsPassedOverFromThenOn() {
    refusal = 400;
    words = "\"%s\" does not support chat";
    serving("qwen3:8b", "mystery", "qwen3:8b");
    ask(model, null);
    ask(model, null);
    asked("mystery", "qwen3:8b", "qwen3:8b");
  }

  @Test
  void whereNoneCanChatTheyAreListedAndTheSettingNamed() {
    serving("none", "bge-m3", "whisper-1");
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> ask(model, null))
        .withMessageContaining("bge-m3, whisper-1")
        .withMessageContaining("VLLM_MODEL")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(vllm.requests()).isEqualTo(List.of());
  }
}
