package org.llmroutes.validate;

import java.util.Map;
import org.llmroutes.config.PlatformServices;

/** Checks {@code config/ai-services-config.yaml}, and what the environment puts in its place. */
final class ServicesCheck {
  static final String FILE = "config/ai-services-config.yaml";

  private ServicesCheck() {}

  static void check(ProjectFiles files, Map<String, String> environment) {
    SourceFile source = new SourceFile(FILE, files.text(FILE), files.mistakes());
    if (!source.root().isObject()) {
      return;
    }
    // the file by itself, which is the same on every machine, and then what replaces it here
    PlatformServices.of(source.root(), Map.of())
        .mistakes()
        .forEach(mistake -> KeyedMistake.note(source, mistake));
    PlatformServices.of(source.root(), environment).mistakes().stream()
        .filter(mistake -> !mistake.startsWith(FILE))
        .forEach(files.mistakes()::inEnvironment);
  }
}
