package org.llmroutes.speech;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.llmroutes.http.PerTaskThreads;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * From here on the answer is spoken while it is written, sentence by sentence; each piece leaves as
 * a chunk of type {@code audio}.
 */
public class BeginSpeech extends Step {
  private static final String PROPERTY = "llmRoutesSpeech";

  private final Executor threads = PerTaskThreads.executor();
  private String voice;
  private String language;
  private int parallel;
  private int maxBytes;

  public BeginSpeech() {
    super("tts");
  }

  /** The voice where the request names none; empty for the one of the service's protocol. */
  public void setVoice(String voice) {
    this.voice = voice;
  }

  /** BCP 47 tag of what is spoken where neither the request nor the transcript says it. */
  public void setLanguage(String language) {
    this.language = Transcribe.primary(language);
  }

  /** Sentences spoken at the same time, where the service takes so many. */
  public void setParallel(int parallel) {
    this.parallel = parallel;
  }

  /** Bytes of audio of one answer at most. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The spoken answer of an exchange; null where it has none. */
  static SpokenAnswer of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, SpokenAnswer.class);
  }

  @Override
  @SuppressWarnings("unchecked") // accept-request-action leaves it so
  protected Object apply(Exchange exchange, Turn turn) {
    Map<String, Object> request = exchange.getVariable("request", Map.class);
    String wanted = (String) request.getOrDefault("voice", voice);
    String heard = Transcribe.language(request);
    String spoken = heard.isEmpty() ? language : heard;
    AudioFormat format = AudioFormat.ofWire((String) request.get("response_format"));
    TextToSpeech tts = service(TextToSpeech.class);
    SpokenAnswer answer =
        new SpokenAnswer(
            () -> new SentenceCutter(tts.longest(spoken), spoken),
            text -> tts.speak(new Utterance(text, wanted, spoken, format), turn.deadline()),
            Tracing.carrying(threads),
            Math.min(parallel, tts.atOnce()),
            maxBytes,
            piece -> send(turn, piece));
    exchange.setProperty(PROPERTY, answer);
    turn.listener(answer);
    return exchange.getMessage().getBody();
  }

  private void send(Turn turn, SpokenPiece piece) {
    turn.stream().audio(seq -> chunk(turn.userId() + "/" + turn.requestId() + "." + seq, piece));
  }

  /**
   * @param name of the object, should the message have no room for the audio
   */
  private Map<String, Object> chunk(String name, SpokenPiece piece) {
    Map<String, Object> chunk = new LinkedHashMap<>();
    service(AudioStore.class).place(piece.audio().bytes(), name, chunk);
    chunk.put("text", piece.sentence().spoken());
    chunk.put("end", piece.sentence().end());
    chunk.put("format", piece.audio().format().wire());
    return chunk;
  }
}
