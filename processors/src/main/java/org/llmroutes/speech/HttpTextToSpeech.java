package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;

/**
 * A text-to-speech service over HTTP. What its protocol asks and answers is left to one subclass
 * each.
 */
public abstract class HttpTextToSpeech implements TextToSpeech {
  private final ServiceClient client;

  protected HttpTextToSpeech(ServiceSettings settings) {
    this.client = new ServiceClient(settings, "tts");
  }

  /** The client of the protocol that the settings name. */
  public static TextToSpeech of(ServiceSettings settings) {
    return switch (settings.protocol()) {
      case "openai" -> new OpenAiSpeech(settings);
      case "xtts" -> new XttsSpeech(settings);
      case "coqui" -> new CoquiSpeech(settings);
      default -> throw new IllegalArgumentException("No TTS protocol " + settings.protocol());
    };
  }

  /** The audio file as the service gives it. */
  protected abstract byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline);

  @Override
  public final Audio speak(Utterance utterance, Deadline deadline) {
    byte[] answer = ask(client, utterance, deadline);
    try {
      return Audio.of(
          answer, AudioFormat.WAV.begins(answer) ? AudioFormat.WAV : utterance.format());
    } catch (InvalidAudio e) {
      throw client.unexpected(e.getMessage());
    }
  }

  /** OpenAI's API: {@code POST /v1/audio/speech}; it finds the language out of the text. */
  private static final class OpenAiSpeech extends HttpTextToSpeech {
    private final String path;

    OpenAiSpeech(ServiceSettings settings) {
      super(settings);
      this.path = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/speech";
    }

    @Override
    protected byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline) {
      Map<String, Object> body = new HashMap<>();
      body.put("model", service.settings().model());
      body.put("input", utterance.text());
      body.put("response_format", utterance.format().wire());
      if (!utterance.voice().isEmpty()) {
        body.put("voice", utterance.voice());
      }
      return service.postForBytes(path, body, deadline);
    }
  }

  /**
   * Coqui's XTTS streaming server: {@code POST /tts_stream}, with the voice as the numbers that
   * {@code GET /studio_speakers} lists for it.
   */
  private static final class XttsSpeech extends HttpTextToSpeech {
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
              utterance.language().isEmpty() ? "en" : utterance.language(),
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

  /** Coqui TTS server: {@code GET /api/tts}; it needs no speaker where the model has but one. */
  private static final class CoquiSpeech extends HttpTextToSpeech {
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
}
