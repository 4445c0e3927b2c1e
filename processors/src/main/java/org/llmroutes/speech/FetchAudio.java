package org.llmroutes.speech;

import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;
import org.llmroutes.turn.TurnOpening;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audio of the request, from the message or from the object store, as an {@link Audio}. */
public class FetchAudio extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(FetchAudio.class);

  private int maxBytes;

  public FetchAudio() {
    super("stt");
  }

  /** Bytes of audio at most. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    byte[] bytes =
        request.get("audio_ref") instanceof String ref
            ? stored(ref, turn.userId())
            : inline(request.get("audio"));
    AudioFormat said = format((String) request.get("format"));
    Audio audio = Audio.of(bytes, said);
    if (audio.format() != said) {
      LOG.atInfo()
          .addKeyValue("request_id", turn.requestId())
          .addKeyValue("format", said.wire())
          .addKeyValue("found", audio.format().wire())
          .log("the audio is of another format than the request says");
    }
    return audio;
  }

  /** Browsers leave it blank where they do not know themselves. */
  private static AudioFormat format(String named) {
    return named.isBlank()
        ? AudioFormat.WAV
        : AudioFormat.named(named)
            .orElseThrow(
                () ->
                    new InvalidAudio(
                        "format: must be wav, mp3, ogg, opus, webm, flac, mp4, m4a or aac"));
  }

  private static byte[] inline(Object audio) {
    if (audio instanceof byte[] bytes) {
      return bytes;
    }
    throw new TurnException(
        ErrorCode.INVALID_MESSAGE, "audio: must be of the MessagePack type bin");
  }

  private byte[] stored(String ref, String userId) {
    int slash = ref.indexOf('/');
    if (slash < 0 || !TurnOpening.isToken(ref.substring(slash + 1))) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE, "audio_ref: must be {user_id}/{request_id}");
    } else if (!ref.substring(0, slash).equals(userId)) {
      throw new TurnException(ErrorCode.REJECTED, "audio_ref belongs to another user");
    }
    return service(AudioStore.class)
        .get(ref, maxBytes)
        .orElseThrow(
            () ->
                new TurnException(
                    ErrorCode.INVALID_MESSAGE, "audio_ref names no object in the bucket ai-audio"));
  }
}
