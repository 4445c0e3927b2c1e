package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
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
        results.add(Map.of("index", results.size(), score, text.length() / 10.0));
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
    assertThat(scores).containsExactly(0.1, 0.4, 0, 0.2);
  }

  @Test
  void whatIsNoProbabilityIsMadeOne() throws Exception {
    Reranker reranker = new HttpReranker(service.settings());

    answering("[{'index':0,'S':-11.5},{'index':1,'S':0},{'index':2,'S':3.2}]");
    assertThat(reranker.score("why?", List.of("a", "b", "c"), Deadline.never()))
        .containsExactly(new double[] {0.00001, 0.5, 0.96083}, within(0.00001));
    answering("[{'index':0,'S':0.5},{'index':1,'S':0}]");
    assertThat(reranker.score("why?", List.of("a", "b"), Deadline.never()))
        .as("of the same service")
        .containsExactly(new double[] {0.62246, 0.5}, within(0.00001));
  }

  @Test
  void probabilitiesMayBeRoundedABitTooFar() throws Exception {
    answering("[{'index':0,'S':1.0000001},{'index':1,'S':-1e-9},{'index':2,'S':0.25}]");
    assertThat(score(3)).containsExactly(1, 0, 0.25);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'index':1,'S':0.5}]",
        "[{'index':1,'S':0.5},{'index':0,'S':null}]",
        "[{'index':1,'S':0.5},{'index':0}]",
        "[{'index':1,'S':0.5},{'index':0,'S':'NaN'}]"
      })
  void aPassageMayHaveNoScore(String results) throws Exception {
    answering(results);
    assertThat(score(2)).containsExactly(Double.NaN, 0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[{'index':0,'score':0.5}]", "{'data':[{'index':0,'relevance_score':0.5}]}"})
  void resultsMayBeNamedAsOthersNameThem(String answer) {
    service.failing(ScriptedService.body(answer.replace('\'', '"')));
    assertThat(score(1)).containsExactly(0.5);
  }

  private double[] score(int passages) {
    return new HttpReranker(service.settings())
        .score("why?", Collections.nCopies(passages, "a"), Deadline.never());
  }

  private void answering(String results) throws Exception {
    String json = results.replace('\'', '"').replace("\"S\"", '"' + protocol.score + '"');
    ObjectMapper mapper = new ObjectMapper();
    service.failing(
        ScriptedService.body(mapper.writeValueAsString(protocol.wrapped(mapper.readTree(json)))));
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
        "[]",
        "[{'index':0,'S':1},{'index':0,'S':1}]",
        "[{'index':1,'S':1},{'index':2,'S':1}]",
        "[{'index':0,'S':1},{'index':-1,'S':1}]",
        "[{'index':0,'S':1},{'S':1}]",
        "[{'index':0,'S':null},{'index':1}]"
      })
  void scoresOfUncertainPassagesAreAnOutage(String results) throws Exception {
    answering(results);
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> score(2))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
