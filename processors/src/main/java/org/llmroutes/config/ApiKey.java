package org.llmroutes.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service knows the platform by.
 *
 * @param text the key itself, empty for none
 * @param file where the key is instead; somebody else replaces it, as Kubernetes does with a
 *     mounted Secret
 */
public record ApiKey(String text, Optional<Path> file) {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKey.class);

  /** The file that {@code PREFIX_API_KEY_FILE} names, else the text of {@code PREFIX_API_KEY}. */
  static ApiKey of(Map<String, String> environment, String prefix) {
    String file = environment.getOrDefault(prefix + "_API_KEY_FILE", "").strip();
    String text = environment.getOrDefault(prefix + "_API_KEY", "").strip();
    return new ApiKey(text, file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)));
  }

  /** The key of this moment, empty for none. */
  public String now() {
    return file.map(ApiKey::read).orElse(text);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).log("The API key cannot be read");
      return "";
    }
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "ApiKey";
  }
}
