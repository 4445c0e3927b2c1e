package org.llmroutes.speech;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * What is said in the audio in the body. It is told to the client and becomes the {@code message}
 * of the variable {@code request}, so that the steps of chat can go on from there; the audio is let
 * go.
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
    String text =
        service(SpeechToText.class)
            .transcribe(
                exchange.getMessage().getBody(Audio.class), language(request), turn.deadline());
    turn.stream().transcription(text);
    request.remove("audio");
    request.put("message", text);
    exchange.setVariable("request", request);
    return text;
  }

  /** ISO 639-1 code of what is spoken in a turn; empty where the request does not say it. */
  static String language(Map<String, Object> request) {
    return ((String) request.getOrDefault("language", "")).replaceFirst("-.*", "");
  }
}
