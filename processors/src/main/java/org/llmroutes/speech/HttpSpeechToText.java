package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.MultipartForm;
import org.llmroutes.http.Refusal;
import org.llmroutes.http.ServiceClient;

/** A speech-to-text service over HTTP. */
public final class HttpSpeechToText implements SpeechToText {
  private static final Pattern TOO_SHORT = Pattern.compile("too[ _]short|minimum audio length");

  /** OpenAI, Speaches, whisper.cpp and others of a file that they cannot read. */
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "decod|(?:file|audio|media)[ _](?:format|type)|(?:read|load|open|process)\\w* .{0,20}(?:audio|file)"
              + "|(?:invalid|unsupported|corrupt\\w*|no) (?:audio|file|media)|ffmpeg");

  /** What services complain of that have no {@code verbose_json}. */
  private static final Pattern NO_VERBOSE = Pattern.compile("response_format|verbose");

  private final ServiceClient client;
  private final boolean whisperAsr;
  private final String openAiPath;
  private volatile String responseFormat = "verbose_json";

  /** The client of the protocol that the settings name. */
  public static SpeechToText of(ServiceSettings settings) {
    return settings.isThere() ? new HttpSpeechToText(settings) : new NoSpeechToText(settings);
  }

  private HttpSpeechToText(ServiceSettings settings) {
    this.client = new ServiceClient(settings, "stt");
    this.whisperAsr = "whisper-asr".equals(settings.protocol());
    this.openAiPath = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/transcriptions";
  }

  @Override
  public Transcript transcribe(Recording recording, Deadline deadline) {
    try {
      return read(whisperAsr ? askWhisperAsr(recording, deadline) : askOpenAi(recording, deadline));
    } catch (Refusal e) {
      if (TOO_SHORT.matcher(e.error().text()).find()) {
        return Transcript.NOTHING;
      } else if (e.error().status() == 415 || UNREADABLE.matcher(e.error().text()).find()) {
        throw InvalidAudio.toConvert("Speech to text cannot read the audio: " + e.error().told());
      }
      throw e;
    }
  }

  private Transcript read(JsonNode answer) {
    JsonNode text = answer.path("text");
    if (!text.isTextual()) {
      throw client.unexpected("no text");
    }
    return new Transcript(
        text.textValue().strip(),
        LanguageNames.code(answer.path("language").asText("")),
        noSpeech(answer.path("segments")),
        segments(answer.path("segments")));
  }

  /** Of the segment that is most probably speech. */
  private static double noSpeech(JsonNode segments) {
    double least = Double.NaN;
    for (JsonNode segment : segments) {
      double said = segment.path("no_speech_prob").asDouble(Double.NaN);
      least = Double.isNaN(least) ? said : Math.min(least, said);
    }
    return least;
  }

  /** Those with their times; none where one lacks them. */
  private static List<Transcript.Segment> segments(JsonNode answer) {
    List<Transcript.Segment> segments = new ArrayList<>();
    for (JsonNode segment : answer) {
      JsonNode start = segment.path("start");
      JsonNode end = segment.path("end");
      if (!start.isNumber() || !end.isNumber()) {
        return List.of();
      }
      segments.add(
          new Transcript.Segment(
              segment.path("text").asText("").strip(),
              start.doubleValue(),
              Math.max(start.doubleValue(), end.doubleValue()),
              segment.path("no_speech_prob").asDouble(Double.NaN)));
    }
    return segments;
  }

  /** OpenAI's API: {@code POST /v1/audio/transcriptions}, in detail where the service can. */
  private JsonNode askOpenAi(Recording recording, Deadline deadline) {
    String format = responseFormat;
    try {
      return askOpenAi(recording, format, deadline);
    } catch (Refusal e) {
      if ("json".equals(format) || !NO_VERBOSE.matcher(e.error().text()).find()) {
        throw e;
      }
      JsonNode answer = askOpenAi(recording, "json", deadline);
      responseFormat = "json";
      return answer;
    }
  }

  private JsonNode askOpenAi(Recording recording, String format, Deadline deadline) {
    MultipartForm form =
        new MultipartForm()
            .field("model", client.settings().model())
            .field("response_format", format);
    if (!recording.language().isEmpty()) {
      form.field("language", recording.language());
    }
    if (!recording.prompt().isEmpty()) {
      form.field("prompt", recording.prompt());
    }
    return client.post(openAiPath, attach(form, "file", recording.audio()), deadline);
  }

  /** Whisper ASR Webservice: {@code POST /asr}. */
  private JsonNode askWhisperAsr(Recording recording, Deadline deadline) {
    String query = "?task=transcribe&encode=true&output=json";
    if (!recording.language().isEmpty()) {
      query += "&language=" + encoded(recording.language());
    }
    if (!recording.prompt().isEmpty()) {
      query += "&initial_prompt=" + encoded(recording.prompt());
    }
    return client.post(
        "/asr" + query, attach(new MultipartForm(), "audio_file", recording.audio()), deadline);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static MultipartForm attach(MultipartForm form, String name, Audio audio) {
    AudioFormat format = audio.format();
    return form.file(name, format.fileName(), format.contentType(), audio.bytes());
  }
}
