package org.llmroutes.gateway;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.Identity;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.AudioStore;
import org.llmroutes.turn.TurnProcessor;

/**
 * A voice request of the contract from a file {@code audio} and other fields, which may be texts.
 * Audio that a message has no room for goes into the object store.
 */
public class VoiceRequest extends TurnProcessor {
  private int maxBytes;

  /** Bytes of audio at most. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  @SuppressWarnings("unchecked") // http-turns leaves it so
  public void process(Exchange exchange) {
    Map<String, Object> asked = exchange.getMessage().getBody(Map.class);
    Upload audio = audio(asked.remove("audio"));
    if (audio.bytes().length > maxBytes) {
      throw new TurnException(
          ErrorCode.TOO_LARGE, "The audio has more than " + maxBytes + " bytes");
    }
    Map<String, Object> request = service(Schemas.class).fromTexts("voice-request", asked);
    format(audio).ifPresent(format -> request.putIfAbsent("format", format.wire()));
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    String name = identity.userId() + "/" + request.get("request_id");
    service(AudioStore.class).place(audio.bytes(), name, request);
    exchange.getMessage().setBody(request);
  }

  private static Upload audio(Object sent) {
    if (sent instanceof Upload file) {
      return file;
    } else if (sent instanceof byte[] bytes) {
      return new Upload("", "", bytes);
    }
    throw HttpProblem.ofField(
        "audio", "is required: the body, a file of the form, or a frame of its own");
  }

  /** As its type says, or else the end of its name. */
  private static Optional<AudioFormat> format(Upload audio) {
    return AudioFormat.named(audio.type())
        .or(() -> AudioFormat.named(audio.name().replaceFirst(".*\\.", "")));
  }
}
