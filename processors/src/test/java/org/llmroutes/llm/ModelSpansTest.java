package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Settings;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** What a trace says of a call of the model. */
class ModelSpansTest {
  private final FakeVllm vllm = new FakeVllm(request -> Reply.of("They eat ", "fish."));
  private final ChatModel model =
      new OpenAiChatModel(Streams.settings(vllm.baseUrl(), "m", Duration.ofSeconds(10)));
  private Runnable stop = () -> {};

  @AfterEach
  void stop() {
    stop.run();
    vllm.close();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void saysWhatWasAskedAndAnsweredOnlyWhereThatIsWanted(boolean wanted, boolean stream) {
    stop =
        Tracing.start(
            Settings.load(
                Project.root(),
                Map.of("TELEMETRY_LOCAL", "true", "TELEMETRY_CONTENT", Boolean.toString(wanted))));
    CompletionRequest request =
        new CompletionRequest(
            List.of(new ChatMessage("user", "What do herons eat?")), null, null, null);
    Span turn = Tracing.receive(Span.Kind.CONSUMER, "chat turn", name -> null);
    try (Span.Scope ignored = turn.enter()) {
      turn.request("r1");
      if (stream) {
        model.stream(request, Deadline.never(), token -> {});
      } else {
        model.complete(request, Deadline.never());
      }
    }

    String spans = Tracing.find("r1").orElseThrow().toString();

    assertThat(spans).contains("chat m");
    assertThat(spans.contains("What do herons eat?")).isEqualTo(wanted);
    assertThat(spans.contains("They eat fish.")).isEqualTo(wanted);
  }
}
