package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.local.voice.WordErrorRate;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpSpeechToText;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.Recording;
import org.llmroutes.speech.SpeechToText;
import org.llmroutes.speech.TextToSpeech;
import org.llmroutes.speech.Utterance;

/** Whole spoken turns with the real Whisper and the real espeak-ng. */
class LocalVoiceTest {
  private static final Map<String, String> ANSWERS =
      Map.of(
          "Who works in the library on Monday?",
          "There are seven people. They start at nine.",
          "Which documents did you find?",
          "I found three documents about the garden.",
          "What does the heron wait for?",
          "The heron waits for fish in shallow water.",
          "When does the museum open?",
          "The museum opens at ten and closes at half past five.",
          "How long can I keep a book?",
          "The library keeps each book for two weeks.",
          "What is the weather like today?",
          "Nothing in the documents answers this question.",
          "Where do I find the answer?",
          "The answer is on the second page of the report.",
          "Can you speak more slowly?",
          "Please tell me when I am too fast.",
          "What is in the red box?",
          "The red box has bread, butter and cheese in it.",
          "How do I come to the station?",
          "Walk along the river. Then turn left at the bridge.");

  private static SpeechServers speech;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    speech = new SpeechServers();
    stack = new Stack(speech.environment());
  }

  @AfterAll
  static void stop() {
    stack.close();
    speech.close();
  }

  @Test
  void whatIsAskedIsUnderstoodAndWhatIsAnsweredCanBe() {
    SpeechToText ear = HttpSpeechToText.of(service(speech.whisper.url()));
    TextToSpeech mouth = HttpTextToSpeech.of(service(speech.espeak.url()));
    Client client = Client.ofVoice(stack.nats);
    WordErrorRate asked = new WordErrorRate();
    WordErrorRate answered = new WordErrorRate();
    ANSWERS.forEach(
        (question, answer) -> {
          stack.vllm.script(request -> Reply.of(answer.split("(?<= )")));
          Map<String, Object> request = Client.voiceRequest("");
          request.put(
              "audio",
              mouth
                  .speak(new Utterance(question, "", "en", AudioFormat.WAV), Deadline.never())
                  .bytes());
          request.put("language", "en");

          Asked turn = client.ask(request);

          assertThat(turn.response())
              .containsEntry("success", true)
              .containsEntry("response", answer);
          assertThat(turn.degraded()).isEmpty();
          asked.add(question, (String) turn.response().get("transcription"));
          Audio spoken = Audio.of((byte[]) turn.response().get("audio"), AudioFormat.WAV);
          answered.add(
              answer, ear.transcribe(new Recording(spoken, "en", ""), Deadline.never()).text());
        });
    assertThat(asked.value()).as("of questions").isLessThanOrEqualTo(0.15);
    assertThat(answered.value()).as("of answers").isLessThanOrEqualTo(0.15);
  }

  private static ServiceSettings service(String url) {
    return new ServiceSettings(
        "voice", url, "openai", "any", "", Duration.ofSeconds(120), 0, Resilience.none());
  }
}
