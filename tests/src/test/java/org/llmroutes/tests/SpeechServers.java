package org.llmroutes.tests;

import java.util.List;
import java.util.Map;
import org.llmroutes.local.voice.EspeakService;
import org.llmroutes.local.voice.WhisperService;

/** The real Whisper and the real espeak-ng. */
final class SpeechServers implements AutoCloseable {
  final WhisperService whisper = new WhisperService(Servers.DATA.resolve("whisper"), 0);
  final EspeakService espeak = new EspeakService(Servers.DATA.resolve("espeak-ng"), 0);

  SpeechServers() {
    List.of(whisper, espeak).parallelStream().forEach(service -> service.start());
  }

  /** Where they are, as settings of a stack. */
  Map<String, String> environment() {
    return Map.of("WHISPER_URL", whisper.url(), "TTS_URL", espeak.url());
  }

  @Override
  public void close() {
    espeak.close();
    whisper.close();
  }
}
