package org.llmroutes.speech;

import org.llmroutes.config.ServiceSettings;
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
    if (!settings.isThere()) {
      return new NoTextToSpeech(settings);
    }
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
}
