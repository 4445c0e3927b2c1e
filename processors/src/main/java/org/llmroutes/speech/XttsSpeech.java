package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;

/**
 * Coqui's XTTS streaming server: {@code POST /tts_stream}, with the voice as the numbers that
 * {@code GET /studio_speakers} lists for it.
 */
final class XttsSpeech extends HttpTextToSpeech {
  private volatile JsonNode speakers;

  XttsSpeech(ServiceSettings settings) {
    super(settings);
  }

  @Override
  protected byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline) {
    JsonNode speaker = speaker(service, utterance.voice(), deadline);
    Map<String, Object> body =
        Map.of(
            "text",
            utterance.text(),
            "language",
            XttsLanguages.code(utterance.language()),
            "speaker_embedding",
            speaker.path("speaker_embedding"),
            "gpt_cond_latent",
            speaker.path("gpt_cond_latent"),
            "add_wav_header",
            true,
            "stream_chunk_size",
            "20");
    return service.postForBytes("/tts_stream", body, deadline);
  }

  @Override
  public int longest(String language) {
    return XttsLanguages.longest(language);
  }

  private JsonNode speaker(ServiceClient service, String voice, Deadline deadline) {
    if (speakers == null) {
      JsonNode listed = service.get("/studio_speakers", deadline);
      if (!listed.isObject() || listed.isEmpty()) {
        throw service.unexpected("no speakers");
      }
      speakers = listed;
    }
    JsonNode speaker = voice.isEmpty() ? speakers.iterator().next() : speakers.path(voice);
    if (!speaker.isObject()) {
      throw service.failure(ErrorCode.REJECTED, "has no voice " + voice);
    }
    return speaker;
  }
}
