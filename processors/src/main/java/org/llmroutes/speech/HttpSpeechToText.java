package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

  public HttpSpeechToText(ServiceSettings settings) {
    this.client = new ServiceClient(settings, "stt");
    this.whisperAsr = "whisper-asr".equals(settings.protocol());
    this.openAiPath = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/transcriptions";
  }

  @Override
  public Transcript transcribe(Audio audio, String language, Deadline deadline) {
    try {
      return read(
          whisperAsr
              ? askWhisperAsr(audio, language, deadline)
              : askOpenAi(audio, language, deadline));
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
        noSpeech(answer.path("segments")));
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

  /** OpenAI's API: {@code POST /v1/audio/transcriptions}, in detail where the service can. */
  private JsonNode askOpenAi(Audio audio, String language, Deadline deadline) {
    String format = responseFormat;
    try {
      return askOpenAi(audio, language, format, deadline);
    } catch (Refusal e) {
      if ("json".equals(format) || !NO_VERBOSE.matcher(e.error().text()).find()) {
        throw e;
      }
      JsonNode answer = askOpenAi(audio, language, "json", deadline);
      responseFormat = "json";
      return answer;
    }
  }

  private JsonNode askOpenAi(Audio audio, String language, String format, Deadline deadline) {
    MultipartForm form =
        new MultipartForm()
            .field("model", client.settings().model())
            .field("response_format", format);
    if (!language.isEmpty()) {
      form.field("language", language);
    }
    return client.post(openAiPath, attach(form, "file", audio), deadline);
  }

  /** Whisper ASR Webservice: {@code POST /asr}. */
  private JsonNode askWhisperAsr(Audio audio, String language, Deadline deadline) {
    String query = "?task=transcribe&encode=true&output=json";
    if (!language.isEmpty()) {
      query += "&language=" + URLEncoder.encode(language, StandardCharsets.UTF_8);
    }
    return client.post("/asr" + query, attach(new MultipartForm(), "audio_file", audio), deadline);
  }

  private static MultipartForm attach(MultipartForm form, String name, Audio audio) {
    AudioFormat format = audio.format();
    return form.file(name, format.fileName(), format.contentType(), audio.bytes());
  }
}
