package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** What every reranking service is held to. */
@ParameterizedClass
@EnumSource(RerankerContractTest.Protocol.class)
class RerankerContractTest extends ServiceContract {
  private final Protocol protocol;

  /** A server of each; a passage's score is its length, and the best comes first. */
  enum Protocol {
    COHERE("/v1/rerank", "documents", "relevance_score"),
    TEI("/rerank", "texts", "score");

    private final String path;
    private final String passages;
    private final String score;

    Protocol(String path, String passages, String score) {
      this.path = path;
      this.passages = passages;
      this.score = score;
    }

    ScriptedService service() {
      return new ScriptedService(this == TEI ? "tei" : "cohere", path, this::answer);
    }

    private Object answer(JsonNode request) {
      List<String> texts = new ArrayList<>();
      request.required(passages).forEach(text -> texts.add(text.textValue()));
      boolean exact =
          this == TEI
              ? request.path("truncate").asBoolean() && request.size() == 3
              : "test-model".equals(request.path("model").textValue())
                  && request.path("top_n").intValue() == texts.size()
                  && request.size() == 4;
      if (!exact || !"why?".equals(request.path("query").textValue())) {
        throw new IllegalArgumentException("Not a request of this protocol: " + request);
      }
      List<Map<String, Object>> results = new ArrayList<>();
      for (String text : texts) {
        results.add(Map.of("index", results.size(), score, -1.5 + text.length()));
      }
      results.sort(Comparator.comparingDouble(result -> -(double) result.get(score)));
      return wrapped(results);
    }

    Object wrapped(Object results) {
      return this == TEI ? results : Map.of("results", results);
    }
  }

  RerankerContractTest(Protocol protocol) {
    super(protocol.service());
    this.protocol = protocol;
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    new HttpReranker(settings).score("why?", List.of("a", "bb"), deadline);
  }

  @Override
  protected String step() {
    return "rerank";
  }

  @Test
  void scoresStandInTheOrderOfThePassages() {
    double[] scores =
        new HttpReranker(service.settings())
            .score("why?", List.of("a", "four", "", "to"), Deadline.never());
    assertThat(scores).containsExactly(-0.5, 2.5, -1.5, 0.5);
  }

  @Test
  void noPassagesNoRequest() {
    Reranker reranker = new HttpReranker(service.settings());
    assertThat(reranker.score("why?", List.of(), Deadline.never())).isEmpty();
    assertThat(service.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"index\":0,\"S\":1}]",
        "[{\"index\":0,\"S\":1},{\"index\":0,\"S\":1}]",
        "[{\"index\":0,\"S\":1},{\"index\":1,\"S\":1},{\"index\":2,\"S\":1}]",
        "[{\"index\":0,\"S\":1},{\"index\":-1,\"S\":1}]",
        "[{\"index\":0,\"S\":1},{\"S\":1}]",
        "[{\"index\":0,\"S\":1},{\"index\":1,\"S\":\"high\"}]",
        "[{\"index\":0,\"S\":1},{\"index\":1}]"
      })
  void aPassageWithoutItsScoreIsAnOutage(String results) throws Exception {
    ObjectMapper json = new ObjectMapper();
    Object answer = protocol.wrapped(json.readTree(results.replace("S", protocol.score)));
    service.failing(ScriptedService.body(json.writeValueAsString(answer)));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> call(service.settings(), Deadline.never()))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
