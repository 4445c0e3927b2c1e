package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeSpeech;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;

/**
 * A client that knows the contract files and nothing of the product's code: MessagePack by the
 * library itself, every message that arrives checked against its schema.
 */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SCHEMA_NAMES =
      List.of(
          "common",
          "chat-response",
          "chat-stream-chunk",
          "voice-response",
          "voice-stream-chunk",
          "pipeline-status");
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(schemas()));

  private final Connection nats;
  private final String kind;
  private final String requests;
  final String user;

  /** A client of chat. */
  Client(Connection nats) {
    this(nats, "chat", "message");
  }

  private Client(Connection nats, String kind, String requests) {
    this.nats = nats;
    this.kind = kind;
    this.requests = requests;
    this.user = "user-" + UUID.randomUUID();
  }

  static Client ofVoice(Connection nats) {
    return new Client(nats, "voice", "request");
  }

  static Map<String, Object> request(String message) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("request_id", UUID.randomUUID().toString());
    request.put("message", message);
    return request;
  }

  /** A spoken question. */
  static Map<String, Object> voiceRequest(String words) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("request_id", UUID.randomUUID().toString());
    request.put("audio", FakeSpeech.wav(words));
    request.put("enable_rag", false);
    return request;
  }

  /** Sends a request and waits for its final response. */
  Asked ask(Map<String, Object> request) {
    return ask(user, pack(request), (String) request.get("request_id"));
  }

  /** The same, and hands on each stream chunk as it arrives. */
  Asked ask(Map<String, Object> request, Consumer<Map<String, Object>> onChunk) throws Exception {
    return listen((String) request.get("request_id"), () -> send(user, pack(request)), onChunk);
  }

  /** Does something at each chunk of a type. */
  static Consumer<Map<String, Object>> at(String type, Runnable action) {
    return chunk -> {
      if (type.equals(chunk.get("type"))) {
        action.run();
      }
    };
  }

  Asked ask(String asUser, byte[] payload, String requestId) {
    try {
      return listen(requestId, () -> send(asUser, payload));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Listens for the answer to a request, does what sends it, and waits. */
  Asked listen(String requestId, Action send) throws Exception {
    return listen(requestId, send, chunk -> {});
  }

  /** The same, and hands on each stream chunk as it arrives. */
  Asked listen(String requestId, Action send, Consumer<Map<String, Object>> onChunk)
      throws Exception {
    BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    Dispatcher dispatcher = nats.createDispatcher(arrived::add);
    try {
      dispatcher
          .subscribe("ai." + kind + ".response." + requestId)
          .subscribe("ai." + kind + ".response.stream." + requestId);
      send.run();
      List<Map<String, Object>> chunks = new ArrayList<>();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (true) {
        Message message = arrived.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(message).as("an answer to " + requestId).isNotNull();
        if (message.getSubject().startsWith("ai." + kind + ".response.stream.")) {
          chunks.add(read(message.getData(), kind + "-stream-chunk"));
          onChunk.accept(chunks.get(chunks.size() - 1));
        } else {
          return new Asked(
              read(message.getData(), kind + "-response"), message.getHeaders(), chunks);
        }
      }
    } finally {
      nats.closeDispatcher(dispatcher);
    }
  }

  interface Action {
    void run() throws Exception;
  }

  void send(String asUser, byte[] payload) throws Exception {
    nats.jetStream().publish("ai." + kind + ".user." + asUser + "." + requests, payload);
  }

  /** Decodes a message and checks it against its schema. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> read(byte[] payload, String schemaName) throws IOException {
    Map<String, Object> message =
        (Map<String, Object>) Values.plain(MessagePack.newDefaultUnpacker(payload).unpackValue());
    String json = JSON.writeValueAsString(message);
    Schema schema = SCHEMAS.getSchema(SchemaLocation.of(location(schemaName + ".json")));
    assertThat(
            schema.validate(
                json,
                InputFormat.JSON,
                execution -> execution.executionConfig(c -> c.formatAssertionsEnabled(true))))
        .as("violations of " + schemaName + " by " + json)
        .isEmpty();
    return message;
  }

  static byte[] pack(Object value) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      Value converted = Values.of(value);
      packer.packValue(converted);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String location(String file) {
    return Project.root().resolve("config/schemas").resolve(file).toUri().toString();
  }

  private static Map<String, String> schemas() {
    Map<String, String> texts = new HashMap<>();
    for (String name : SCHEMA_NAMES) {
      try {
        Path file = Project.root().resolve("config/schemas/" + name + ".json");
        texts.put(location(name + ".json"), Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }
}
