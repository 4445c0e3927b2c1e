package org.llmroutes.openai;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.llmroutes.gateway.HttpProblem;
import org.llmroutes.gateway.Upload;
import org.llmroutes.http.Deadline;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.Hearing;
import org.llmroutes.speech.Recording;
import org.llmroutes.speech.SpeechToText;
import org.llmroutes.speech.Transcribe;
import org.llmroutes.speech.Transcript;
import org.llmroutes.speech.Transcript.Segment;

/**
 * What is said in an audio file, in the form of the OpenAI API, by whatever speech-to-text service
 * is configured. Times are there where that service tells them.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/audio">Audio</a>
 */
public class CreateTranscription extends Call {
  private static final List<String> NOT_HERE =
      List.of("stream", "include[]", "include", "chunking_strategy", "known_speaker_names[]");

  private static final String GRANULARITIES = "timestamp_granularities[]";

  @Override
  protected void answer(Exchange exchange, Parameters asked, Deadline deadline) {
    asked.refuse(NOT_HERE);
    TranscriptForm form = form(asked);
    Recording recording =
        new Recording(
            audio(asked.any("file")),
            asked.text("language").map(Transcribe::primary).orElse(""),
            asked.text("prompt").orElse(""));
    Transcript heard =
        new Hearing(service(SpeechToText.class)).of(recording, requestId(exchange), deadline);
    if (!form.canTell(heard)) {
      throw HttpProblem.ofField(
          "response_format", "the speech-to-text service does not tell when something was said");
    }
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, form.contentType());
    exchange.getMessage().setBody(form.of(heard, seconds(recording, heard)));
  }

  private static TranscriptForm form(Parameters asked) {
    String[] forms =
        Arrays.stream(TranscriptForm.values()).map(TranscriptForm::wire).toArray(String[]::new);
    String wanted = asked.choice("response_format", forms);
    Object times = asked.any(GRANULARITIES);
    if (times != null && !"segment".equals(times) && !List.of("segment").equals(times)) {
      throw HttpProblem.ofField(GRANULARITIES, "only segment is supported");
    }
    return TranscriptForm.values()[Arrays.asList(forms).indexOf(wanted)];
  }

  private static Audio audio(Object file) {
    if (!(file instanceof Upload upload)) {
      throw HttpProblem.ofField("file", "is required: the audio as a file of the form");
    }
    AudioFormat said =
        AudioFormat.named(upload.type())
            .or(() -> AudioFormat.named(upload.name().replaceFirst(".*\\.", "")))
            .orElse(AudioFormat.WAV);
    return Audio.of(upload.bytes(), said);
  }

  private static double seconds(Recording recording, Transcript heard) {
    List<Segment> segments = heard.segments();
    double last = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).end();
    return recording.audio().duration().map(Duration::toMillis).map(ms -> ms / 1000.0).orElse(last);
  }
}
