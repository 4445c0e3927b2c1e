package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;

/** BGE v1.5 in English wants an instruction before a question, and nothing else does. */
class QueryInstructionTest {
  private static final String INSTRUCTION =
      "Represent this sentence for searching relevant passages: ";

  @ParameterizedTest
  @CsvSource({
    "BAAI/bge-small-en-v1.5, true",
    "bge-large-en-v1.5, true",
    "BGE-Base-EN-v1.5, true",
    "bge-small-en-v1.5-q, true",
    "BAAI/bge-small-en, false",
    "BAAI/bge-small-zh-v1.5, false",
    "BAAI/bge-m3, false",
    "intfloat/e5-small, false",
    "'', false"
  })
  void byTheNameOfTheModel(String model, boolean wanted) {
    try (ScriptedService service =
        new ScriptedService(
            "openai",
            "/v1/embeddings",
            request -> Map.of("data", List.of(Map.of("index", 0, "embedding", List.of(1)))))) {
      Embeddings embeddings = HttpEmbeddings.of(service.settings(model, 1, Duration.ofSeconds(30)));
      embeddings.embedQuery("why?", Deadline.never());
      embeddings.embedPassages(List.of("because"), Deadline.never());

      assertThat(service.requests.stream().map(request -> request.at("/input/0").textValue()))
          .containsExactly((wanted ? INSTRUCTION : "") + "why?", "because");
    }
  }
}
