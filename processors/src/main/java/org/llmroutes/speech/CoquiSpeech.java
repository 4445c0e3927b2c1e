package org.llmroutes.speech;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;

/** Coqui TTS server: {@code GET /api/tts}; it needs no speaker where the model has but one. */
final class CoquiSpeech extends HttpTextToSpeech {
  CoquiSpeech(ServiceSettings settings) {
    super(settings);
  }

  @Override
  protected byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline) {
    String query =
        "?text="
            + encoded(utterance.text())
            + "&speaker_id="
            + encoded(utterance.voice())
            + "&language_id="
            + encoded(utterance.language());
    return service.getBytes("/api/tts" + query, deadline);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
