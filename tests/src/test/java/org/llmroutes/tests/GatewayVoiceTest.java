package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Spoken questions over HTTP, as a form or as audio alone; answers with audio as Base64. */
class GatewayVoiceTest {
  private static final String QUESTION = "What do herons eat?";

  private final Stack stack = Stack.shared();
  private final GatewayClient client = new GatewayClient(stack.environment, null);

  @BeforeEach
  void everythingWorks() {
    stack.vllm.script(request -> Reply.of("They eat ", "fish."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
    stack.speech.understand(text -> Map.of("text", text));
  }

  @Test
  void streamsTheAnswerToAForm() throws Exception {
    String id = UUID.randomUUID().toString();

    List<Event> events =
        client.events(
            form(
                part("request", "{\"request_id\": \"" + id + "\", \"enable_rag\": false}"),
                audio(FakeSpeech.wav(QUESTION))),
            event -> {});

    Map<String, Event> byType = new LinkedHashMap<>();
    events.forEach(event -> byType.put(event.type(), event));
    assertThat(byType.keySet())
        .containsExactly("start", "transcription", "token", "audio", "done", "response");
    assertThat(byType.get("transcription").data()).containsEntry("content", QUESTION);
    assertThat(said(byType.get("audio").data())).isEqualTo("They eat fish.");
    assertThat(said(byType.get("response").data())).isEqualTo("They eat fish.");
    assertThat(byType.get("response").data()).containsEntry("user_id", "local");
    assertThat(client.get("/api/requests/" + id).body()).isEqualTo(byType.get("response").data());
    assertThat(client.events(client.request("/api/requests/" + id + "/events"), event -> {}))
        .isEqualTo(events);
  }

  @Test
  void takesAudioAloneWithTheOtherFieldsInTheQuery() throws Exception {
    Answered answered =
        client.send(
            client
                .request("/api/voice?enable_rag=false&text_only=true&max_tokens=100")
                .header("content-type", "audio/x-wav")
                .POST(BodyPublishers.ofByteArray(FakeSpeech.wav(QUESTION))));

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body())
        .containsEntry("transcription", QUESTION)
        .containsEntry("response", "They eat fish.")
        .doesNotContainKey("audio");
  }

  @Test
  void takesAndGivesAudioThatIsTooLargeForAMessage() throws Exception {
    stack.speech.voice(text -> Sound.withSilence(6_500_000));
    byte[] question = FakeSpeech.wav(QUESTION + "\0".repeat(7_000_000));

    List<Event> events =
        client.events(form(part("enable_rag", "false"), audio(question)), event -> {});

    Event last = events.get(events.size() - 1);
    assertThat(last.data()).containsEntry("transcription", QUESTION).doesNotContainKey("audio_ref");
    assertThat(said(last.data())).isEqualTo("They eat fish.");
    List<Event> spoken = events.stream().filter(event -> "audio".equals(event.type())).toList();
    assertThat(spoken).extracting(event -> said(event.data())).containsExactly("They eat fish.");
    assertThat(said(client.get("/api/requests/" + last.data().get("request_id")).body()))
        .isEqualTo("They eat fish.");
  }

  @Test
  void refusesWhatIsNoSpokenQuestion() throws Exception {
    byte[] wav = FakeSpeech.wav(QUESTION);
    assertRefused(form(part("request", "{}")), 400, "audio");
    assertRefused(form(part("request", "{"), audio(wav)), 400, "JSON");
    assertRefused(form(part("audio", "no file")), 400, "audio");
    assertRefused(form(part("top_k", "many"), audio(wav)), 400, "top_k");
    assertRefused(body("multipart/form-data", wav), 400, "multipart/form-data");
    assertRefused(body("multipart/form-data; boundary=b", wav), 400, "audio");
    assertRefused(body("audio/wav", new byte[0]), 400, "audio");
    assertRefused(
        body("application/json", "{}".getBytes(StandardCharsets.UTF_8)), 415, "multipart");
    assertRefused(form(audio(new byte[16_777_217])), 413, "16777216");
  }

  private void assertRefused(HttpRequest.Builder request, int status, String because)
      throws Exception {
    Answered answered = client.send(request);
    assertThat(answered.status()).as(because).isEqualTo(status);
    assertThat((String) answered.error().get("message")).contains(because);
  }

  /** Platform-http would make headers of them. */
  @Test
  void takesFieldsOfAFormForNothingElse() throws Exception {
    Answered answered =
        client.send(
            form(
                part("Authorization", "Bearer forged"),
                part("CamelHttpUri", "http://127.0.0.1:1/"),
                part("CamelHttpResponseCode", "418"),
                part("NatsPublishSubject", "ai.voice.user.ada.request"),
                part("user_id", "ada"),
                part("identity", "ada"),
                part("enable_rag", "false"),
                audio(FakeSpeech.wav(QUESTION))));

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body()).containsEntry("user_id", "local");
  }

  @Test
  void leavesNothingInTemporaryFolders() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> before = files(temporary);

    client.send(form(part("enable_rag", "false"), audio(FakeSpeech.wav(QUESTION))));
    client.send(form(part("top_k", "many"), audio(FakeSpeech.wav(QUESTION))));

    assertThat(files(temporary)).filteredOn(file -> !before.contains(file)).isEmpty();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("(?i).*(upload|camel|vertx).*"))
          .toList();
    }
  }

  private static String said(Map<String, Object> message) {
    return FakeSpeech.text(Base64.getDecoder().decode((String) message.get("audio")));
  }

  private record Part(String head, byte[] content) {}

  private static Part part(String name, String text) {
    return new Part(
        "Content-Disposition: form-data; name=\"" + name + "\"",
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static Part audio(byte[] wav) {
    return new Part(
        "Content-Disposition: form-data; name=\"audio\"; filename=\"../q.wav\"\r\n"
            + "Content-Type: audio/wav",
        wav);
  }

  private HttpRequest.Builder form(Part... parts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Part part : Arrays.asList(parts)) {
      body.write(("--limit\r\n" + part.head() + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      body.write(part.content());
      body.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.write("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
    return body("multipart/form-data; boundary=limit", body.toByteArray());
  }

  private HttpRequest.Builder body(String type, byte[] body) {
    return client
        .request("/api/voice")
        .header("content-type", type)
        .POST(BodyPublishers.ofByteArray(body));
  }
}
