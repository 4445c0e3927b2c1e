package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** JSON files of the class path. */
final class Resource {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Resource() {}

  /**
   * @param name from this package on, or absolute with a leading slash
   */
  static JsonNode json(String name) {
    try (InputStream stream = Resource.class.getResourceAsStream(name)) {
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
