package org.llmroutes.speech;

import java.util.HashMap;
import java.util.Map;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.Refusal;
import org.llmroutes.http.ServiceClient;

/** OpenAI's API: {@code POST /v1/audio/speech}; it finds the language out of the text. */
final class OpenAiSpeech extends HttpTextToSpeech {
  private final String path;

  /** The API requires a voice, and this one is there where it is OpenAI's own. */
  private volatile String defaultVoice = "alloy";

  OpenAiSpeech(ServiceSettings settings) {
    super(settings);
    this.path = (settings.url().endsWith("/v1") ? "" : "/v1") + "/audio/speech";
  }

  @Override
  protected byte[] ask(ServiceClient service, Utterance utterance, Deadline deadline) {
    String wanted = utterance.voice().isEmpty() ? defaultVoice : utterance.voice();
    try {
      return ask(service, utterance, wanted, deadline);
    } catch (Refusal e) {
      if (!utterance.voice().isEmpty() || wanted.isEmpty()) {
        throw e;
      }
      // it is no name that this service has; perhaps it needs none
      byte[] answer = ask(service, utterance, "", deadline);
      defaultVoice = "";
      return answer;
    }
  }

  private byte[] ask(ServiceClient service, Utterance utterance, String voice, Deadline deadline) {
    Map<String, Object> body = new HashMap<>();
    body.put("model", service.settings().model());
    body.put("input", utterance.text());
    body.put("response_format", utterance.format().wire());
    if (!voice.isEmpty()) {
      body.put("voice", voice);
    }
    return service.postForBytes(path, body, deadline);
  }
}
