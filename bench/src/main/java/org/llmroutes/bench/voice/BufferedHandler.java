package org.llmroutes.bench.voice;

import java.time.Duration;
import java.util.List;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.llm.ChatMessage;
import org.llmroutes.llm.CompletionRequest;
import org.llmroutes.llm.OpenAiChatModel;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpSpeechToText;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.Recording;
import org.llmroutes.speech.SpeechToText;
import org.llmroutes.speech.TextToSpeech;
import org.llmroutes.speech.Utterance;

/** The obvious way: write down the question, wait for the whole answer, have all of it spoken. */
final class BufferedHandler {
  private final SpeechToText stt;
  private final OpenAiChatModel llm;
  private final TextToSpeech tts;

  BufferedHandler(String speechUrl, String vllmUrl) {
    stt = HttpSpeechToText.of(settings("whisper", speechUrl));
    llm = new OpenAiChatModel(settings("llm", vllmUrl));
    tts = HttpTextToSpeech.of(settings("tts", speechUrl));
  }

  byte[] answer(byte[] wav) {
    String question =
        stt.transcribe(new Recording(Audio.of(wav, AudioFormat.WAV), "", ""), Deadline.never())
            .text();
    String answer =
        llm.stream(
                new CompletionRequest(
                    List.of(new ChatMessage("user", question)), "fake-model", null, null),
                Deadline.never(),
                token -> {})
            .text();
    return tts.speak(new Utterance(answer, "", "", AudioFormat.WAV), Deadline.never()).bytes();
  }

  private static ServiceSettings settings(String name, String url) {
    return new ServiceSettings(
        name, url, "openai", name, "", Duration.ofSeconds(30), 0, Resilience.none());
  }
}
