package org.llmroutes.local.ai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.ai.PromptSources.Source;

class PromptSourcesTest {

  @Test
  void readsThemWithoutTheHeadingsThatTheyBeginWith() {
    List<Source> sources =
        sources(
            """
            Answer the question from the numbered sources below.

            [1] Running it > Load
            Load

            Many turns.
            [7] is no source.

            [2] A manual, page 12
            A manual

            Turn it on.
            """);

    assertThat(sources)
        .extracting(Source::title)
        .containsExactly("Running it > Load", "A manual, page 12");
    assertThat(sources)
        .extracting(Source::body)
        .containsExactly("Many turns.\n[7] is no source.", "Turn it on.");
  }

  @Test
  void areNoneWhereNoneAreFoundAndNotAskedForWhereThePromptDoesNotSaySo() {
    assertThat(sources("Answer from the numbered sources below.")).isEmpty();
    assertThat(PromptSources.in(messages("You are a helpful assistant."))).isEmpty();
  }

  private static List<Source> sources(String prompt) {
    return PromptSources.in(messages(prompt)).orElseThrow().sources();
  }

  private static JsonNode messages(String system) {
    return new ObjectMapper()
        .valueToTree(
            List.of(
                Map.of("role", "system", "content", system),
                Map.of("role", "user", "content", "How?")));
  }
}
