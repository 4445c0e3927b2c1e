package org.llmroutes.local.voice;

import java.nio.file.Path;

/** Whisper base by faster-whisper, on OpenAI's transcription protocol. */
public final class WhisperService extends PythonService {

  public WhisperService(Path data, int wishedPort) {
    super("whisper", "whisper_service.py", data, wishedPort);
  }
}
