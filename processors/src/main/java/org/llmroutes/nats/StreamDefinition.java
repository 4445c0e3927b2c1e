package org.llmroutes.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.support.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llmroutes.config.Durations;
import org.llmroutes.config.YamlFile;

/**
 * A stream and its durable consumers, as one file of {@code config/nats} states them: the fields of
 * the JetStream API, durations written like {@code 30s}.
 */
public record StreamDefinition(
    Path file, Part<StreamConfiguration> stream, List<Part<ConsumerConfiguration>> consumers) {
  /** A stream, a consumer. */
  private static final Set<Integer> NOT_FOUND = Set.of(10059, 10014);

  private static final List<String> DURATIONS = List.of("max_age", "duplicate_window", "ack_wait");

  /**
   * @param fields those that the file names
   */
  public record Part<T>(T configuration, Set<String> fields) {}

  public static StreamDefinition read(Path file) throws IOException {
    try {
      JsonNode root = YamlFile.read(file, file.toString());
      List<Part<ConsumerConfiguration>> consumers = new ArrayList<>();
      for (JsonNode consumer : root.path("consumers")) {
        consumers.add(new Part<>(consumer(inNanoseconds(consumer)), fields(consumer)));
      }
      JsonNode stream = root.required("stream");
      return new StreamDefinition(
          file, new Part<>(stream(inNanoseconds(stream)), fields(stream)), consumers);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not a stream definition: " + e.getMessage(), e);
    }
  }

  /** The stream's own name. */
  public String name() {
    return stream.configuration().getName();
  }

  /** The names of its consumers. */
  public List<String> durables() {
    return consumers.stream().map(part -> part.configuration().getDurable()).toList();
  }

  /** The stream as the server has it; empty where it has none of that name. */
  public Optional<StreamInfo> find(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    return found(() -> management.getStreamInfo(name()));
  }

  /** One of its consumers as the server has it; empty where it has none of that name. */
  public Optional<ConsumerInfo> find(JetStreamManagement management, String durable)
      throws IOException, JetStreamApiException {
    return found(() -> management.getConsumerInfo(name(), durable));
  }

  /** What differs between the server's stream and this definition, in words. */
  public List<String> differences(StreamInfo there) {
    return compared(there).changes();
  }

  /** What differs between the server's consumer and this definition, in words. */
  public List<String> differences(ConsumerInfo there) {
    return consumers.stream()
        .filter(part -> part.configuration().getDurable().equals(there.getName()))
        .flatMap(part -> compared(part, there).changes().stream())
        .toList();
  }

  Differences compared(StreamInfo there) {
    return Differences.of(
        there.getConfiguration().toJson(), stream.configuration().toJson(), stream.fields());
  }

  static Differences compared(Part<ConsumerConfiguration> wanted, ConsumerInfo there) {
    return Differences.of(
        there.getConsumerConfiguration().toJson(),
        wanted.configuration().toJson(),
        wanted.fields());
  }

  private interface Question<T> {
    T ask() throws IOException, JetStreamApiException;
  }

  private static <T> Optional<T> found(Question<T> question)
      throws IOException, JetStreamApiException {
    try {
      return Optional.of(question.ask());
    } catch (JetStreamApiException e) {
      if (NOT_FOUND.contains(e.getApiErrorCode())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Set<String> fields(JsonNode node) {
    Set<String> names = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /**
   * @param json as the JetStream API has it
   */
  static StreamConfiguration stream(String json) {
    try {
      return StreamConfiguration.instance(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * @param json as the JetStream API has it
   */
  static ConsumerConfiguration consumer(String json) {
    try {
      return ConsumerConfiguration.builder().json(json).build();
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether a field is a duration, which the API has in nanoseconds. */
  static boolean isDuration(String field) {
    return DURATIONS.contains(field);
  }

  /** Every definition of the folder, by file name. */
  public static List<StreamDefinition> readAll(Path folder) throws IOException {
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
      if (isDuration(field.getKey())) {
        node.put(field.getKey(), Durations.parse(field.getValue().asText()).toNanos());
      }
    }
    return node.toString();
  }
}
