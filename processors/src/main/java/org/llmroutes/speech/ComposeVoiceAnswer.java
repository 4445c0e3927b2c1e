package org.llmroutes.speech;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.turn.ComposeAnswer;
import org.llmroutes.turn.Turn;

/** The response of a voice turn: that of chat with the transcription and the audio as one file. */
public class ComposeVoiceAnswer extends ComposeAnswer {

  @Override
  protected void add(Exchange exchange, Turn turn, Map<String, Object> answer) {
    if (turn.cancelled()) {
      // the text may be whole, what was said of it is not
      answer.put("finish_reason", "cancelled");
    }
    Object message = exchange.getVariable("request", Map.class).get("message");
    answer.put("transcription", message == null ? "" : message);
    SpokenAnswer spoken = BeginSpeech.of(exchange);
    List<SpokenPiece> pieces = spoken == null ? List.of() : spoken.pieces();
    if (pieces.isEmpty()) {
      return;
    }
    turn.timings().put("tts", spoken.millis());
    turn.timings().put("first_audio", turn.elapsedMillis() - spoken.millisSinceFirst());
    Audio whole = Audio.join(pieces.stream().map(SpokenPiece::audio).toList());
    service(AudioStore.class)
        .place(whole.bytes(), turn.userId() + "/" + turn.requestId() + ".answer", answer);
    answer.put("format", whole.format().wire());
    pieces.get(0).audio().sampleRate().ifPresent(rate -> answer.put("sample_rate", rate));
  }
}
