package org.llmroutes.local.voice;

import java.nio.file.Path;

/** The speech synthesizer espeak-ng, on OpenAI's speech protocol; it answers with WAV. */
public final class EspeakService extends PythonService {

  public EspeakService(Path data, int wishedPort) {
    super("espeak-ng", "espeak_service.py", data, wishedPort);
  }
}
