package org.llmroutes.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llmroutes.config.Durations;
import org.llmroutes.config.YamlFile;

/**
 * A stream and its durable consumers, as one file of {@code config/nats} states them: the fields of
 * the JetStream API, durations written like {@code 30s}.
 */
public record StreamDefinition(
    Path file, StreamConfiguration stream, List<ConsumerConfiguration> consumers) {
  private static final List<String> DURATIONS = List.of("max_age", "duplicate_window", "ack_wait");

  public static StreamDefinition read(Path file) throws IOException {
    try {
      JsonNode root = YamlFile.read(file, file.toString());
      List<ConsumerConfiguration> consumers = new ArrayList<>();
      for (JsonNode consumer : root.path("consumers")) {
        consumers.add(ConsumerConfiguration.builder().json(inNanoseconds(consumer)).build());
      }
      return new StreamDefinition(
          file, StreamConfiguration.instance(inNanoseconds(root.required("stream"))), consumers);
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new IOException(file + " is not a stream definition: " + e.getMessage(), e);
    }
  }

  /** Every definition of the folder, by file name. */
  static List<StreamDefinition> readAll(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    }
    List<StreamDefinition> definitions = new ArrayList<>();
    for (Path file : files) {
      definitions.add(read(file));
    }
    return definitions;
  }

  private static String inNanoseconds(JsonNode definition) {
    ObjectNode node = definition.deepCopy();
    Iterator<Map.Entry<String, JsonNode>> fields = definition.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (DURATIONS.contains(field.getKey())) {
        node.put(field.getKey(), Durations.parse(field.getValue().asText()).toNanos());
      }
    }
    return node.toString();
  }
}
