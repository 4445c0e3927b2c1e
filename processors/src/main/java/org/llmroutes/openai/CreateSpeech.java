package org.llmroutes.openai;

import java.util.List;
import org.apache.camel.Exchange;
import org.llmroutes.gateway.HttpProblem;
import org.llmroutes.gateway.StreamedBody;
import org.llmroutes.http.Deadline;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.ReadAloud;
import org.llmroutes.speech.SoundFile;
import org.llmroutes.speech.TextToSpeech;
import org.llmroutes.speech.Transcribe;
import org.llmroutes.speech.Utterance;

/**
 * A text as speech, in the form of the OpenAI API, by whatever text-to-speech service is
 * configured. The text is spoken sentence by sentence, and each leaves when it is spoken.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/audio/createSpeech">Speech</a>
 */
public class CreateSpeech extends Call {
  private static final int LONGEST = 32_768;

  /** The voice that clients of this API name where they have no wish. */
  private static final String ANY_VOICE = "alloy";

  /** Samples without a header. */
  private static final String PCM = "pcm";

  private String voice;
  private String language;
  private int parallel;

  /** The voice where the request names none; empty for the one of the service's protocol. */
  public void setVoice(String voice) {
    this.voice = voice;
  }

  /** BCP 47 tag of the text where the request does not say it. */
  public void setLanguage(String language) {
    this.language = language;
  }

  /** Sentences spoken at the same time, where the service takes so many. */
  public void setParallel(int parallel) {
    this.parallel = parallel;
  }

  @Override
  protected void answer(Exchange exchange, Parameters asked, Deadline deadline)
      throws InterruptedException {
    asked.refuse(List.of("instructions"));
    asked.choice("stream_format", "audio");
    requireNormalSpeed(asked.any("speed"));
    String input = asked.required("input");
    if (input.codePointCount(0, input.length()) > LONGEST) {
      throw HttpProblem.ofField("input", "has more than " + LONGEST + " characters");
    }
    String wanted = asked.text("response_format").orElse("");
    if (!wanted.isEmpty()) {
      asked.choice("response_format", "mp3", "opus", "wav", PCM);
    }
    String spoken = asked.text("language").orElse(language);
    Utterance whole =
        new Utterance(input, voice(asked), Transcribe.primary(spoken), format(wanted));
    begin(exchange, new ReadAloud(service(TextToSpeech.class), whole, parallel, deadline), wanted);
  }

  private static void requireNormalSpeed(Object speed) {
    if (speed != null && !(speed instanceof Number number && number.doubleValue() == 1)) {
      throw HttpProblem.ofField("speed", "only 1 is supported");
    }
  }

  private String voice(Parameters asked) {
    return asked.text("voice").filter(name -> !ANY_VOICE.equals(name)).orElse(voice);
  }

  /** What the service is asked for; OpenAI's own default is MP3. */
  private static AudioFormat format(String wanted) {
    return wanted.isEmpty()
        ? AudioFormat.MP3
        : PCM.equals(wanted) ? AudioFormat.WAV : AudioFormat.ofWire(wanted);
  }

  /** Waits for the first sentence, which says whether all is well and what the file will be. */
  private static void begin(Exchange exchange, ReadAloud reading, String wanted)
      throws InterruptedException {
    boolean bare = PCM.equals(wanted);
    Audio first;
    try {
      first =
          reading
              .next()
              .orElseThrow(() -> HttpProblem.ofField("input", "has nothing that can be said"));
      if (!wanted.isEmpty() && first.format() != format(wanted)) {
        throw HttpProblem.ofField(
            "response_format", "the voice speaks in " + first.format().wire() + " only");
      }
    } catch (RuntimeException | InterruptedException e) {
      reading.close();
      throw e;
    }
    exchange
        .getMessage()
        .setHeader(
            Exchange.CONTENT_TYPE,
            bare ? "audio/pcm;rate=24000;channels=1" : first.format().contentType());
    StreamedBody body = output -> write(output, first, reading, new SoundFile(bare));
    exchange.getMessage().setBody(body);
  }

  private static void write(
      StreamedBody.Output output, Audio first, ReadAloud reading, SoundFile file)
      throws InterruptedException {
    try (reading) {
      output.write(file.add(first, !reading.hasNext()));
      while (reading.hasNext()) {
        Audio next = reading.next().orElseThrow();
        output.write(file.add(next, !reading.hasNext()));
      }
    }
  }
}
