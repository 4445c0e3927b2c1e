package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.Refusal;
import org.llmroutes.http.ServiceClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text-to-speech service over HTTP. What its protocol asks and answers is left to one subclass
 * each.
 */
public abstract class HttpTextToSpeech implements TextToSpeech {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTextToSpeech.class);

  /** Where a service says nothing else; longer sentences are waited for too long. */
  private static final int LONGEST = 240;

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
    byte[] answer = answer(utterance, deadline);
    try {
      Audio audio = Audio.of(answer, utterance.format());
      return switch (audio.format()) {
        case WAV -> whole(audio, answer);
        case MP3 -> audio;
        case OGG -> new Audio(answer, AudioFormat.OPUS);
        default -> throw client.unexpected("audio in the format " + audio.format().wire());
      };
    } catch (InvalidAudio e) {
      throw client.unexpected(e.getMessage());
    }
  }

  private byte[] answer(Utterance utterance, Deadline deadline) {
    try {
      return ask(client, utterance, deadline);
    } catch (Refusal e) {
      LOG.atWarn()
          .addKeyValue("voice", utterance.voice())
          .addKeyValue("language", utterance.language())
          .addKeyValue("reason", e.getMessage())
          .log("nothing is spoken; voice.default-voice names the voice where a request does not");
      throw e;
    }
  }

  /** A header may lie by some bytes; a download that broke off is no sentence. */
  private Audio whole(Audio audio, byte[] answer) {
    if (WavFile.read(answer).isTorso()) {
      throw client.unexpected("less than half of the audio that it promised");
    }
    return audio;
  }

  @Override
  public int longest(String language) {
    return LONGEST;
  }

  @Override
  public final int atOnce() {
    return client.settings().resilience().maxConcurrent();
  }

  /** OpenAI's API: {@code POST /v1/audio/speech}; it finds the language out of the text. */
  private static final class OpenAiSpeech extends HttpTextToSpeech {
    private final String path;

    /** The API requires a voice, and this one is there where it is OpenAI's own. */
    private volatile String defaultVoice = "alloy";

    OpenAiSpeech(ServiceSettings settings) {
      super(settings);
      this.path = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/speech";
    }

    @Override
    protected byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline) {
      String wanted = utterance.voice().isEmpty() ? defaultVoice : utterance.voice();
      try {
        return ask(service, utterance, wanted, deadline);
      } catch (Refusal e) {
        if (!utterance.voice().isEmpty() || wanted.isEmpty()) {
          throw e;
        }
        // it is no name that this service has; perhaps it needs none
        byte[] answer = ask(service, utterance, "", deadline);
        defaultVoice = "";
        return answer;
      }
    }

    private byte[] ask(
        ServiceClient service, Utterance utterance, String voice, Deadline deadline) {
      Map<String, Object> body = new HashMap<>();
      body.put("model", service.settings().model());
      body.put("input", utterance.text());
      body.put("response_format", utterance.format().wire());
      if (!voice.isEmpty()) {
        body.put("voice", voice);
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
