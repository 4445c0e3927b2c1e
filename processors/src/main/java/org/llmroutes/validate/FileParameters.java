package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Parameters of Kamelets that name files of the project: those with the format {@code
 * project-file}, a path, or {@code message-schema}, the name of a schema.
 */
final class FileParameters {
  private FileParameters() {}

  /**
   * @param declared the Kamelet's property
   * @return what is wrong, or empty
   */
  static Optional<String> mistakeIn(Path home, String value, JsonNode declared) {
    Optional<String> file =
        switch (declared.path("format").asText()) {
          case "project-file" -> Optional.of(value);
          case "message-schema" -> Optional.of("config/schemas/" + value + ".json");
          default -> Optional.empty();
        };
    return file.filter(name -> !name.contains("{{") && !Files.isRegularFile(home.resolve(name)))
        .map(name -> "there is no file " + name);
  }
}
