package org.llmroutes.local.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.llmroutes.local.ai.JsonServer;

/**
 * A stand-in for Whisper and a TTS server on OpenAI's protocols, and for XTTS, over a real socket.
 * Its sound is text: the samples of a WAV are the UTF-8 bytes of what is said, so that a test can
 * say what it wants to be understood, and read what was spoken.
 */
public final class FakeSpeech extends JsonServer {
  private static final int HEADER = 44;

  /** No sound is shorter, in samples: a tenth of a second holds no word. */
  private static final int SHORTEST = 800;

  private final List<String> spoken = new CopyOnWriteArrayList<>();
  private final AtomicInteger transcriptions = new AtomicInteger();
  private final AtomicInteger speaking = new AtomicInteger();
  private final AtomicInteger mostSpeaking = new AtomicInteger();
  private volatile Function<String, Sound> voice = text -> Sound.PLAIN;
  private final List<String> languages = new CopyOnWriteArrayList<>();
  private volatile Sound ear = Sound.PLAIN;
  private volatile Function<String, Map<String, ?>> understanding = text -> Map.of("text", text);

  /**
   * How a call goes.
   *
   * @param status other than 200 is an error
   * @param takes before it is answered
   * @param silence bytes of it after what is said
   */
  public record Sound(int status, Duration takes, int silence) {
    /** At once, and nothing but what is said. */
    public static final Sound PLAIN = new Sound(200, Duration.ZERO, 0);

    public static Sound failing(int status) {
      return new Sound(status, Duration.ZERO, 0);
    }

    public static Sound after(Duration takes) {
      return new Sound(200, takes, 0);
    }

    public static Sound withSilence(int bytes) {
      return new Sound(200, Duration.ZERO, bytes);
    }
  }

  public FakeSpeech() {
    super(0);
    handle("/v1/audio/speech", this::speak);
    handle("/v1/audio/transcriptions", this::transcribe);
    handle("/tts_stream", this::stream);
    on("/studio_speakers", request -> Map.of("Ana", Map.of("speaker_embedding", List.of(0.1))));
  }

  /** How each sentence is spoken, from the next one on. */
  public void voice(Function<String, Sound> script) {
    voice = script;
  }

  /** How what is said is understood, from the next time on. */
  public void ear(Sound script) {
    ear = script;
  }

  /** What is answered for the words that are heard, from the next time on. */
  public void understand(Function<String, Map<String, ?>> script) {
    understanding = script;
  }

  /** The languages that sentences were asked for in, of XTTS. */
  public List<String> languages() {
    return languages;
  }

  /** The sentences that were asked for, in the order in which they were. */
  public List<String> spoken() {
    return spoken;
  }

  public int transcriptions() {
    return transcriptions.get();
  }

  /** How many sentences were spoken at the same time, at most. */
  public int mostSpeaking() {
    return mostSpeaking.get();
  }

  private void speak(JsonNode request, HttpExchange exchange) throws IOException {
    speak(request.path("input").asText(), exchange, false);
  }

  /** As XTTS does: the header goes out before it is known how much follows. */
  private void stream(JsonNode request, HttpExchange exchange) throws IOException {
    languages.add(request.path("language").asText());
    speak(request.path("text").asText(), exchange, true);
  }

  private void speak(String text, HttpExchange exchange, boolean headerFirst) throws IOException {
    spoken.add(text);
    mostSpeaking.accumulateAndGet(speaking.incrementAndGet(), Math::max);
    Sound sound = voice.apply(text);
    pause(sound.takes());
    speaking.decrementAndGet();
    if (sound.status() != 200) {
      send(exchange, sound.status(), error("fake_error", "the test asked for it"));
      return;
    }
    byte[] wav = wav(text + "\0".repeat(sound.silence()));
    if (headerFirst) {
      ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 36).putInt(40, 0);
    }
    exchange.getResponseHeaders().set("content-type", "audio/wav");
    exchange.sendResponseHeaders(200, wav.length);
    exchange.getResponseBody().write(wav);
  }

  private void transcribe(JsonNode form, HttpExchange exchange) throws IOException {
    transcriptions.incrementAndGet();
    Sound heard = ear;
    pause(heard.takes());
    if (heard.status() != 200) {
      send(exchange, heard.status(), error("fake_error", "the test asked for it"));
    } else {
      send(exchange, 200, understanding.apply(form.textValue()));
    }
  }

  /** The text that is the sound of the one WAV file in a form. */
  @Override
  protected JsonNode read(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().endsWith("transcriptions")) {
      return super.read(exchange);
    }
    byte[] form = exchange.getRequestBody().readAllBytes();
    int riff = new String(form, StandardCharsets.ISO_8859_1).indexOf("RIFF");
    return JSON.getNodeFactory().textNode(text(form, riff));
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new IOException("The server was stopped", e);
    }
  }

  /** The text as sound: a WAV of 8 bits, mono, 8 kHz, with silence after what is said. */
  public static byte[] wav(String text) {
    byte[] said = text.getBytes(StandardCharsets.UTF_8);
    byte[] samples = Arrays.copyOf(said, Math.max(said.length, SHORTEST));
    int padding = samples.length % 2;
    ByteBuffer wav =
        ByteBuffer.allocate(HEADER + samples.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(36 + samples.length + padding).put(ascii("WAVEfmt "));
    wav.putInt(16).putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
    wav.putShort((short) 1).putShort((short) 8);
    wav.put(ascii("data")).putInt(samples.length).put(samples);
    return wav.array();
  }

  /** What a WAV of this voice says. */
  public static String text(byte[] wav) {
    return text(wav, 0);
  }

  private static String text(byte[] bytes, int riff) {
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(riff + 40);
    return new String(bytes, riff + HEADER, length, StandardCharsets.UTF_8).replace("\0", "");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
