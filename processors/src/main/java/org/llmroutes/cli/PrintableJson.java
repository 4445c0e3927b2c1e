package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;

/** Values as JSON, fit for a terminal. */
final class PrintableJson {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(
              new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance));

  private PrintableJson() {}

  static String line(Object value) throws JsonProcessingException {
    return Printable.line(JSON.writeValueAsString(value));
  }

  static String lines(Object value) throws JsonProcessingException {
    return Printable.lines(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }
}
