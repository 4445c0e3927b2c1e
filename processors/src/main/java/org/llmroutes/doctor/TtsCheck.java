package org.llmroutes.doctor;

import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.config.Settings;
import org.llmroutes.speech.Audio;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.Utterance;

/** Text to speech, by one word in the voice that is used where a request names none. */
final class TtsCheck extends ServiceCheck {

  TtsCheck() {
    super("tts", "voice", "gateway");
  }

  @Override
  ServiceSettings settings(PlatformServices services) {
    return services.tts();
  }

  @Override
  void call(ServiceSettings service, Installation here, Findings found) {
    Settings settings = here.settings();
    Audio spoken =
        HttpTextToSpeech.of(service)
            .speak(
                new Utterance(
                    "One.",
                    settings.get("voice.default-voice"),
                    settings.get("voice.default-language"),
                    AudioFormat.WAV),
                here.deadline());
    found.well(
        "call",
        "%s of %s%s"
            .formatted(
                spoken.format().wire(),
                Sizes.of(spoken.bytes().length),
                spoken.duration().map(d -> ", %d ms".formatted(d.toMillis())).orElse("")));
  }
}
