package org.llmroutes.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.MultipartForm;
import org.llmroutes.http.ServiceClient;

/** A speech-to-text service over HTTP. */
public final class HttpSpeechToText implements SpeechToText {
  private final ServiceClient client;
  private final boolean whisperAsr;
  private final String openAiPath;

  public HttpSpeechToText(ServiceSettings settings) {
    this.client = new ServiceClient(settings, "stt");
    this.whisperAsr = "whisper-asr".equals(settings.protocol());
    this.openAiPath = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/transcriptions";
  }

  @Override
  public String transcribe(Audio audio, String language, Deadline deadline) {
    JsonNode text =
        (whisperAsr
                ? askWhisperAsr(audio, language, deadline)
                : askOpenAi(audio, language, deadline))
            .path("text");
    if (!text.isTextual()) {
      throw client.unexpected("no text");
    }
    return text.textValue().strip();
  }

  /** OpenAI's API: {@code POST /v1/audio/transcriptions}. */
  private JsonNode askOpenAi(Audio audio, String language, Deadline deadline) {
    MultipartForm form =
        new MultipartForm()
            .field("model", client.settings().model())
            .field("response_format", "json");
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
    return form.file(name, "audio." + format.wire(), format.contentType(), audio.bytes());
  }
}
