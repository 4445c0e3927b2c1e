package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.tests.GatewayClient.Answered;

/** Embeddings, reranking, speech and models, as clients of the OpenAI API ask for them. */
class OpenAiServicesTest {
  private static final int HEADER = 44;
  private static final String SLASHED = "Qwen/Qwen3-8B";

  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);

  @Test
  void embedsTextsAsNumbersAndAsBase64() throws Exception {
    List<String> texts = List.of("A heron waits.", "Ships sail.");

    Answered numbers = embed(Map.of("model", "any", "input", texts));
    Answered packed = embed(Map.of("model", "any", "input", texts, "encoding_format", "base64"));

    assertThat(numbers.status()).isEqualTo(200);
    assertThat(numbers.body())
        .containsEntry("object", "list")
        .containsEntry("model", "BAAI/bge-small-en-v1.5")
        .containsKey("usage");
    for (int i = 0; i < texts.size(); i++) {
      Map<?, ?> entry = data(numbers).get(i);
      assertThat(entry.get("index")).isEqualTo(i);
      List<Double> vector = numbers(entry.get("embedding"));
      assertThat(vector.stream().mapToDouble(x -> x * x).sum()).isCloseTo(1, within(1e-3));
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode((String) data(packed).get(i).get("embedding")))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (double x : vector) {
        assertThat(bytes.getFloat()).isEqualTo((float) x);
      }
      assertThat(bytes.hasRemaining()).isFalse();
    }
  }

  @Test
  void embedsOneTextAsItEmbedsItInAList() throws Exception {
    Answered alone = embed(Map.of("model", "any", "input", "A heron.", "dimensions", 384));
    Answered listed = embed(Map.of("model", "any", "input", List.of("A heron.")));

    assertThat(data(alone)).isEqualTo(data(listed)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "input, '[1, 2, 3]'",
    "input, '[[1, 2], [3]]'",
    "input, '[]'",
    "input, '\"\"'",
    "input, '[\"a\", \"\"]'",
    "input, '{}'",
    "input, null",
    "dimensions, 256",
    "dimensions, '\"many\"'",
    "encoding_format, '\"hex\"'",
  })
  void namesWhatItCannotEmbed(String parameter, String value) throws Exception {
    Map<String, Object> request = new HashMap<>(Map.of("model", "any", "input", "A heron."));
    request.put(parameter, GatewayClient.parse(value));

    requireRefused(embed(request), parameter);
  }

  @Test
  void ranksDocumentsByHowWellTheyAnswer() throws Exception {
    List<Object> documents =
        List.of(
            "Ships sail on the sea.",
            Map.of("text", "The heron waits for fish in shallow water."),
            "Bread is baked from flour.");
    Map<String, Object> request =
        Map.of("model", "any", "query", "What does a heron wait for?", "documents", documents);

    List<Map<?, ?>> all = results(rerank(request));
    List<Map<?, ?>> first = results(rerank(with(request, "top_n", 1)));
    List<Map<?, ?>> told = results(rerank(with(request, "return_documents", true)));

    assertThat(all).hasSize(3).noneMatch(result -> result.containsKey("document"));
    assertThat(all.get(0).get("index")).isEqualTo(1);
    assertThat(all)
        .extracting(result -> (Double) result.get("relevance_score"))
        .isSortedAccordingTo((one, other) -> Double.compare(other, one))
        .allSatisfy(score -> assertThat(score).isBetween(0.0, 1.0));
    assertThat(first).isEqualTo(all.subList(0, 1));
    assertThat(told.get(0).get("document").toString()).contains("The heron waits for fish");
  }

  @ParameterizedTest
  @CsvSource({
    "query, null",
    "query, 7",
    "documents, '[]'",
    "documents, '\"one\"'",
    "documents, '[1]'",
    "documents, '[{\"image\": \"x\"}]'",
    "top_n, 0",
    "top_n, '\"all\"'",
    "return_documents, 1",
  })
  void namesWhatItCannotRank(String parameter, String value) throws Exception {
    Map<String, Object> request =
        new HashMap<>(Map.of("query", "Which?", "documents", List.of("This.", "That.")));
    request.put(parameter, GatewayClient.parse(value));

    requireRefused(rerank(request), parameter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"documents", SLASHED})
  void findsAModelByItsName(String model) throws Exception {
    stack.vllm.models(FakeVllm.MODEL, SLASHED);
    for (String written : List.of(model, model.replace("/", "%2F"))) {
      Answered answered = client.get("/v1/models/" + written);
      assertThat(answered.status()).isEqualTo(200);
      assertThat(answered.body()).containsEntry("id", model).containsEntry("object", "model");
    }
  }

  @Test
  void tellsInTheirFormWhatItDoesNotHave() throws Exception {
    for (String path : List.of("/v1/models/no/such", "/v1/images/generations", "/v1", "/v1/")) {
      Answered answered = client.get(path);
      assertThat(answered.status()).as(path).isEqualTo(404);
      assertThat(answered.error())
          .containsEntry("type", "invalid_request_error")
          .containsKeys("message", "param", "code");
    }
    Answered answered = client.get("/v1/embeddings");
    assertThat(answered.status()).isEqualTo(405);
    assertThat(answered.error()).containsEntry("type", "invalid_request_error");
    assertThat(client.delete("/api/chat").error()).containsKeys("code", "message", "retryable");
    assertThat(client.post("/api/nothing", Map.of()).status()).isEqualTo(404);
  }

  @Test
  void speaksSentenceBySentence() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    stack.speech.voice(
        text -> {
          if (text.startsWith("Third")) {
            awaitQuietly(heard);
          }
          return Sound.PLAIN;
        });
    String text = "This is the first one. This is the second one. Third comes the last one.";

    try (InputStream audio =
        client.stream(
            "/v1/audio/speech", Map.of("model", "tts-1", "voice", "alloy", "input", text))) {
      byte[] begin = audio.readNBytes(HEADER + 1600);
      heard.countDown();
      byte[] rest = audio.readAllBytes();

      assertThat(new String(begin, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
      assertThat(said(begin, HEADER) + said(rest, 0)).isEqualTo(text.replace(". ", "."));
    }
  }

  @Test
  void givesOneSentenceAsAWholeFileOrAsBareSamples() throws Exception {
    Map<String, Object> request =
        Map.of("model", "tts-1", "voice", "alloy", "input", "Hello there.");

    byte[] file = bytes(with(request, "response_format", "wav"));
    byte[] samples = bytes(with(request, "response_format", "pcm"));

    assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(40))
        .isEqualTo(file.length - HEADER);
    assertThat(said(file, HEADER)).isEqualTo("Hello there.");
    // 8 kHz, 8 bits became 24 kHz, 16 bits
    assertThat(samples.length).isCloseTo((file.length - HEADER) * 6, within(600));
  }

  @ParameterizedTest
  @CsvSource({
    "input, null",
    "input, '\"  \"'",
    "input, '\"***\"'",
    "speed, 1.5",
    "speed, '\"fast\"'",
    "response_format, '\"flac\"'",
    "response_format, '\"mp3\"'",
    "stream_format, '\"sse\"'",
    "instructions, '\"Whisper\"'",
    "voice, '{\"id\": \"voice_1\"}'",
  })
  void namesWhatItCannotSpeak(String parameter, String value) throws Exception {
    Map<String, Object> request =
        new HashMap<>(Map.of("model", "tts-1", "voice", "alloy", "input", "Hello there."));
    request.put(parameter, GatewayClient.parse(value));

    requireRefused(client.post("/v1/audio/speech", request), parameter);
  }

  @Test
  void saysThatTheVoiceFailsBeforeAnythingIsSpoken() throws Exception {
    stack.speech.voice(text -> Sound.failing(400));

    Answered answered = client.post("/v1/audio/speech", Map.of("input", "Hello there."));

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.error()).containsEntry("type", "invalid_request_error");
  }

  private Answered embed(Map<String, Object> request) throws Exception {
    return client.post("/v1/embeddings", request);
  }

  private Answered rerank(Map<String, Object> request) throws Exception {
    return client.post("/v1/rerank", request);
  }

  private byte[] bytes(Map<String, Object> request) throws Exception {
    try (InputStream audio = client.stream("/v1/audio/speech", request)) {
      return audio.readAllBytes();
    }
  }

  /** The fake's sound is text. */
  private static String said(byte[] sound, int from) {
    return new String(sound, from, sound.length - from, StandardCharsets.UTF_8).replace("\0", "");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }

  private static void requireRefused(Answered answered, String parameter) {
    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.error())
        .containsEntry("type", "invalid_request_error")
        .containsEntry("param", parameter);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<?, ?>> data(Answered answered) {
    return (List<Map<?, ?>>) answered.body().get("data");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<?, ?>> results(Answered answered) {
    return (List<Map<?, ?>>) answered.body().get("results");
  }

  private static List<Double> numbers(Object list) {
    List<Double> numbers = new ArrayList<>();
    ((List<?>) list).forEach(number -> numbers.add(((Number) number).doubleValue()));
    return numbers;
  }
}
