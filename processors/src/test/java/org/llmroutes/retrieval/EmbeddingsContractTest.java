package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.testing.ScriptedService;
import org.llmroutes.testing.ServiceContract;

/** What every embedding service is held to. */
@ParameterizedClass
@EnumSource(EmbeddingsProtocol.class)
class EmbeddingsContractTest extends ServiceContract {
  private final EmbeddingsProtocol protocol;

  EmbeddingsContractTest(EmbeddingsProtocol protocol) {
    super(protocol.service());
    this.protocol = protocol;
  }

  @Override
  protected void call(ServiceSettings settings, Deadline deadline) {
    HttpEmbeddings.of(settings).embedPassages(List.of("a", "b"), deadline);
  }

  @Override
  protected String step() {
    return "embed";
  }

  private static float[] expected(String text) {
    return EmbeddingsProtocol.Vector.of(text).normalised();
  }

  @Test
  void unitVectorsInTheOrderOfTheTextsOverManyRequests() {
    List<String> texts = IntStream.range(0, 70).mapToObj(i -> "text ä " + i).toList();

    List<float[]> vectors =
        HttpEmbeddings.of(service.settings()).embedPassages(texts, Deadline.never());

    assertThat(vectors).hasSize(70);
    for (int i = 0; i < 70; i++) {
      assertThat(vectors.get(i)).containsExactly(expected(texts.get(i)), Offset.offset(1e-6f));
    }
    assertThat(service.requests.stream().map(request -> protocol.texts(request).size()))
        .containsExactly(32, 32, 6);
    assertThat(service.requests.stream().flatMap(request -> protocol.texts(request).stream()))
        .containsExactlyElementsOf(texts);
  }

  @Test
  void noTextsNoRequest() {
    Embeddings embeddings = HttpEmbeddings.of(service.settings());
    assertThat(embeddings.embedPassages(List.of(), Deadline.never())).isEmpty();
    assertThat(service.requests).isEmpty();
  }

  @Test
  void fewerOrMoreVectorsThanTextsAreAnOutage() throws Exception {
    EmbeddingsProtocol.Vector vector = EmbeddingsProtocol.Vector.of("a");
    for (int count : new int[] {1, 3}) {
      Object answer = protocol.answer(IntStream.range(0, count).mapToObj(i -> vector).toList());
      service.failing(ScriptedService.body(new ObjectMapper().writeValueAsString(answer)));
      outage();
    }
  }

  @Test
  void aVectorWithoutALengthIsAnOutage() throws Exception {
    EmbeddingsProtocol.Vector zero = new EmbeddingsProtocol.Vector(0, 0, 0);
    String good = new ObjectMapper().writeValueAsString(protocol.answer(List.of(zero, zero)));
    service.failing(
        ScriptedService.body(good),
        ScriptedService.body(good.replaceFirst("0\\.0", "\"NaN\"")),
        ScriptedService.body(good.replaceFirst("0\\.0", "null")),
        ScriptedService.body(good.replaceFirst("0\\.0", "1e300")));
    for (int i = 0; i < 4; i++) {
      outage();
    }
  }

  private void outage() {
    ServiceSettings once = service.settings("test-model", 1, Duration.ofSeconds(30));
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(() -> call(once, Deadline.never()))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
