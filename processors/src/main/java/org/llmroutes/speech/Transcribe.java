package org.llmroutes.speech;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * What is said in the audio in the body. It is told to the client and becomes the {@code message}
 * of the variable {@code request}, and the language that was heard its {@code language} where it
 * has none, so that the steps of chat can go on from there; the audio is let go. Silence and noise
 * are an empty text, whatever the service makes of them.
 */
public class Transcribe extends Step {
  public Transcribe() {
    super("stt");
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) {
    @SuppressWarnings("unchecked") // accept-request-action leaves it so
    Map<String, Object> request =
        new HashMap<String, Object>(exchange.getVariable("request", Map.class));
    Recording recording =
        new Recording(exchange.getMessage().getBody(Audio.class), language(request), "");
    Transcript heard =
        new Hearing(service(SpeechToText.class)).of(recording, turn.requestId(), turn.deadline());
    turn.stream().transcription(heard.text());
    request.remove("audio");
    request.put("message", heard.text());
    if (!heard.language().isEmpty()) {
      request.putIfAbsent("language", heard.language());
    }
    exchange.setVariable("request", request);
    return heard.text();
  }

  /** ISO 639-1 code of what is spoken in a turn; empty where it is not known. */
  static String language(Map<String, Object> request) {
    return primary((String) request.getOrDefault("language", ""));
  }

  /** The language of a BCP 47 tag, without script and region. */
  public static String primary(String tag) {
    return tag.strip().replaceFirst("[-_].*", "").toLowerCase(Locale.ROOT);
  }
}
