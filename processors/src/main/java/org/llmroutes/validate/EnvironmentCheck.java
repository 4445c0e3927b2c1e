package org.llmroutes.validate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.llmroutes.config.Addresses;
import org.llmroutes.logging.LogFormat;
import org.llmroutes.platform.ServerAddress;

/** Checks the variables of the environment that override no entry of a file. */
final class EnvironmentCheck {
  private static final List<String> URLS =
      List.of("KFP_URL", "KFP_UI_URL", "ARGO_UI_URL", "ARGO_SERVER_URL");
  private static final List<String> FILES =
      List.of(
          "NATS_CREDS_FILE",
          "NATS_NKEY_FILE",
          "NATS_CALLOUT_ISSUER_FILE",
          "NATS_TLS_CA_FILE",
          "NATS_TLS_CERT_FILE",
          "NATS_TLS_KEY_FILE",
          "KFP_TOKEN_FILE",
          "VLLM_API_KEY_FILE",
          "EMBEDDINGS_API_KEY_FILE",
          "RERANKER_API_KEY_FILE",
          "WHISPER_API_KEY_FILE",
          "TTS_API_KEY_FILE");

  private EnvironmentCheck() {}

  static void check(Map<String, String> environment, Mistakes mistakes) {
    for (String name : URLS) {
      String url = environment.getOrDefault(name, "").strip();
      if (!url.isEmpty()) {
        Addresses.HTTP.mistakeIn(url).ifPresent(m -> mistakes.inEnvironment(name + " " + m));
      }
    }
    for (String name : FILES) {
      String file = environment.getOrDefault(name, "");
      if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
        mistakes.inEnvironment(name + " names no file that can be read: " + file);
      }
    }
    LogFormat.mistakeIn(environment).ifPresent(mistakes::inEnvironment);
    try {
      ServerAddress.ofHealth(environment);
    } catch (IllegalArgumentException e) {
      mistakes.inEnvironment(e.getMessage());
    }
  }
}
