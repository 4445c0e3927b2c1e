package org.llmroutes.validate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.llmroutes.config.Addresses;
import org.llmroutes.config.CredentialFiles;
import org.llmroutes.logging.LogFormat;
import org.llmroutes.platform.ServerAddress;

/** Checks the variables of the environment that override no entry of a file. */
final class EnvironmentCheck {
  private static final List<String> URLS =
      List.of("KFP_URL", "KFP_UI_URL", "ARGO_UI_URL", "ARGO_SERVER_URL");

  private EnvironmentCheck() {}

  static void check(Map<String, String> environment, Mistakes mistakes) {
    for (String name : URLS) {
      String url = environment.getOrDefault(name, "").strip();
      if (!url.isEmpty()) {
        Addresses.HTTP.mistakeIn(url).ifPresent(m -> mistakes.inEnvironment(name + " " + m));
      }
    }
    for (String name : CredentialFiles.ALL) {
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
