package org.llmroutes.bench.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * The least that Java can do for a streamed answer: no Camel, no guarantee, no history. The limit
 * to compare with.
 */
final class PlainRelay implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final MsgpackCodec codec = new MsgpackCodec();
  private final ExecutorService workers;
  private final JetStream jetStream;
  private final URI completions;
  private final MessageConsumer consumer;

  PlainRelay(Connection nats, String vllm, int workers) throws Exception {
    this.workers = Executors.newFixedThreadPool(workers);
    this.jetStream = nats.jetStream();
    this.completions = URI.create(vllm + "/chat/completions");
    this.consumer =
        nats.getConsumerContext("AI_CHAT", "chat-handler")
            .consume(
                ConsumeOptions.builder().batchSize(workers).build(),
                message -> this.workers.execute(() -> answer(message)));
  }

  private void answer(Message message) {
    Map<String, Object> request = codec.decodeMap(message.getData());
    String id = (String) request.get("request_id");
    try {
      Map<String, Object> body =
          Map.of(
              "model",
              "any",
              "stream",
              true,
              "messages",
              List.of(Map.of("role", "user", "content", request.get("message"))));
      HttpRequest post =
          HttpRequest.newBuilder(completions)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      try (InputStream stream = http.send(post, HttpResponse.BodyHandlers.ofInputStream()).body()) {
        relay(id, new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)));
      }
      message.ack();
    } catch (Exception e) {
      message.nak();
    }
  }

  private void relay(String id, BufferedReader lines) throws Exception {
    int seq = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: {")) {
        JsonNode event = JSON.readTree(line.substring(6));
        String token = event.path("choices").path(0).path("delta").path("content").asText("");
        if (!token.isEmpty()) {
          chunk(id, seq++, "token", token);
        }
      }
    }
    chunk(id, seq, "done", null);
  }

  private void chunk(String id, int seq, String type, String content) {
    Map<String, Object> chunk = new LinkedHashMap<>();
    chunk.put("request_id", id);
    chunk.put("attempt", 1);
    chunk.put("seq", seq);
    chunk.put("type", type);
    chunk.put("content", content);
    jetStream.publishAsync("ai.chat.response.stream." + id, codec.encode(chunk));
  }

  @Override
  public void close() throws Exception {
    consumer.close();
    workers.shutdown();
  }
}
