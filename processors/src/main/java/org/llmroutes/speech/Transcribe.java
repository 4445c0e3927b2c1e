package org.llmroutes.speech;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said in the audio in the body. It is told to the client and becomes the {@code message}
 * of the variable {@code request}, and the language that was heard its {@code language} where it
 * has none, so that the steps of chat can go on from there; the audio is let go. Silence and noise
 * are an empty text, whatever the service makes of them.
 */
public class Transcribe extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(Transcribe.class);

  public Transcribe() {
    super("stt");
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    @SuppressWarnings("unchecked") // accept-request-action leaves it so
    Map<String, Object> request =
        new HashMap<String, Object>(exchange.getVariable("request", Map.class));
    Transcript heard = said(exchange.getMessage().getBody(Audio.class), request, turn);
    turn.stream().transcription(heard.text());
    request.remove("audio");
    request.put("message", heard.text());
    if (!heard.language().isEmpty()) {
      request.putIfAbsent("language", heard.language());
    }
    exchange.setVariable("request", request);
    return heard.text();
  }

  private Transcript said(Audio audio, Map<String, Object> request, Turn turn) {
    Optional<Loudness> loudness = Loudness.of(audio);
    if (loudness.filter(Loudness::isWithoutSpeech).isPresent()) {
      return nothing(turn, "the audio is too short, silence or noise");
    }
    Transcript heard =
        service(SpeechToText.class).transcribe(audio, language(request), turn.deadline());
    return SpeechCheck.isSaid(heard, loudness)
        ? heard
        : nothing(turn, "the transcript is what silence and noise are taken for");
  }

  private static Transcript nothing(Turn turn, String reason) {
    LOG.atInfo()
        .addKeyValue("request_id", turn.requestId())
        .addKeyValue("reason", reason)
        .log("nothing was said");
    return Transcript.NOTHING;
  }

  /** ISO 639-1 code of what is spoken in a turn; empty where it is not known. */
  static String language(Map<String, Object> request) {
    return primary((String) request.getOrDefault("language", ""));
  }

  /** The language of a BCP 47 tag, without script and region. */
  static String primary(String tag) {
    return tag.strip().replaceFirst("[-_].*", "").toLowerCase(Locale.ROOT);
  }
}
