package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.tests.GatewayClient.Answered;

/** Audio files become text, as clients of the OpenAI API ask for it. */
class OpenAiTranscriptionTest {
  private static final byte[] QUESTION = FakeSpeech.wav("What does a heron wait for?");

  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);

  @Test
  void writesDownWhatIsSaid() throws Exception {
    Answered answered = client.send(form(QUESTION, "model", "whisper-1", "language", "en"));

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body()).isEqualTo(Map.of("text", "What does a heron wait for?"));
  }

  @Test
  void tellsTheDetailsThatTheServiceTells() throws Exception {
    stack.speech.understand(
        text ->
            Map.of(
                "text",
                text,
                "language",
                "de",
                "segments",
                List.of(Map.of("start", 0.5, "end", 2.25, "text", text, "no_speech_prob", 0.01))));

    Answered answered = client.send(form(QUESTION, "response_format", "verbose_json"));

    assertThat(answered.body())
        .containsEntry("task", "transcribe")
        .containsEntry("language", "german")
        .containsEntry("text", "What does a heron wait for?")
        .containsEntry("duration", 0.1);
    assertThat((List<?>) answered.body().get("segments"))
        .isEqualTo(
            List.of(
                Map.of(
                    "id",
                    0,
                    "start",
                    0.5,
                    "end",
                    2.25,
                    "text",
                    "What does a heron wait for?",
                    "no_speech_prob",
                    0.01)));
  }

  @Test
  void hearsNothingInSilenceWhateverTheServiceMakesOfIt() throws Exception {
    stack.speech.understand(text -> Map.of("text", "Thank you for watching!"));

    byte[] silence = FakeSpeech.wav("\0".repeat(8000));
    Arrays.fill(silence, 44, silence.length, (byte) 128);

    assertThat(client.send(form(silence)).body()).isEqualTo(Map.of("text", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "response_format, diarized_json, response_format",
    "response_format, srt, response_format",
    "timestamp_granularities[], word, timestamp_granularities[]",
    "stream, true, stream",
    "include[], logprobs, include[]",
  })
  void namesWhatItCannotDo(String field, String value, String parameter) throws Exception {
    Answered answered = client.send(form(QUESTION, field, value));

    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.error())
        .containsEntry("type", "invalid_request_error")
        .containsEntry("param", parameter);
  }

  @Test
  void refusesWhatIsNoAudio() throws Exception {
    assertThat(client.send(form("no audio".getBytes(StandardCharsets.UTF_8))).status())
        .isEqualTo(400);
    assertThat(client.send(form(new byte[0])).status()).isEqualTo(400);
    assertThat(client.send(form(null, "file", "as a text")).error()).containsEntry("param", "file");
    assertThat(client.send(form(null, "model", "whisper-1")).error())
        .containsEntry("param", "file");
    assertThat(client.post("/v1/audio/transcriptions", Map.of()).status()).isEqualTo(415);
  }

  @Test
  void saysThatTheServiceFails() throws Exception {
    stack.speech.ear(Sound.failing(401));

    Answered answered = client.send(form(QUESTION));

    assertThat(answered.status()).isEqualTo(503);
    assertThat(answered.error()).containsEntry("type", "server_error");
  }

  /**
   * @param file null for none
   * @param fields names and values
   */
  private HttpRequest.Builder form(byte[] file, String... fields) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      part(body, "name=\"" + fields[i] + "\"", fields[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    if (file != null) {
      part(
          body,
          "name=\"file\"; filename=\"question.wav\"\r\nContent-Type: application/octet-stream",
          file);
    }
    body.writeBytes("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
    return client
        .request("/v1/audio/transcriptions")
        .header("content-type", "multipart/form-data; boundary=limit")
        .POST(BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private static void part(ByteArrayOutputStream body, String head, byte[] content) {
    body.writeBytes(
        ("--limit\r\nContent-Disposition: form-data; " + head + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }
}
