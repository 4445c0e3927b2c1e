package org.llmroutes.bench.turns;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp.SearchResult;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.valkey.ValkeyClient;

/**
 * Chat on NATS in the least Java that keeps what {@code bench/peers/chat_handler.py} keeps: no
 * Camel, no routes, no cancel, no deadline. The limit to compare with. Of the product it has only
 * the MessagePack codec.
 */
final class PlainHandler {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WRONG_LAST_SEQUENCE = 10071;
  private static final int MAX_DELIVERIES = 5;
  private static final int RERANKED = 20;
  private static final String SYSTEM =
      "You are a helpful assistant. Answer briefly and truthfully.";
  private static final String FROM_SOURCES =
      "\nAnswer the question from the numbered sources below and cite the ones you use like [1]."
          + " If they do not say, say so.";
  private static final String SAVE =
      """
      redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
      redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -51)
      return redis.call('EXPIRE', KEYS[1], 2592000)
      """;

  private final Map<String, String> environment = System.getenv();
  private final int workers = Integer.parseInt(environment.get("CHAT_WORKERS"));
  private final MsgpackCodec codec = new MsgpackCodec();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ValkeyClient valkey =
      new ValkeyClient(ValkeySettings.at(environment.get("VALKEY_URL")));
  private final Set<Message> inWork = ConcurrentHashMap.newKeySet();
  private final Connection nats;
  private final JetStream jetStream;
  private final KeyValue turns;
  private final MilvusClientV2 milvus;

  private record Claim(long revision, int attempt, Map<String, Object> answer) {}

  private PlainHandler() throws Exception {
    nats =
        Nats.connect(
            Options.builder().server(environment.get("NATS_URL")).maxReconnects(-1).build());
    jetStream = nats.jetStream();
    turns = nats.keyValue("turns");
    String uri = "http://" + environment.get("MILVUS_HOST") + ":" + environment.get("MILVUS_PORT");
    milvus =
        environment.containsKey("MILVUS_HOST")
            ? new MilvusClientV2(ConnectConfig.builder().uri(uri).build())
            : null;
  }

  public static void main(String[] args) throws Exception {
    new PlainHandler().run();
  }

  private void run() throws Exception {
    ExecutorService pool = pool(workers);
    Semaphore free = new Semaphore(workers);
    nats.getConsumerContext("AI_CHAT", "chat-handler")
        .consume(
            ConsumeOptions.builder().batchSize(workers).build(),
            message -> {
              free.acquireUninterruptibly();
              pool.execute(
                  () -> {
                    work(message);
                    free.release();
                  });
            });
    Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(() -> inWork.forEach(Message::inProgress), 10, 10, TimeUnit.SECONDS);
    System.out.println("ready");
  }

  /** Virtual threads where the JDK has them. */
  private static ExecutorService pool(int threads) throws ReflectiveOperationException {
    return Runtime.version().feature() < 21
        ? Executors.newFixedThreadPool(threads)
        : (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  private void work(Message message) {
    inWork.add(message);
    try {
      answer(message);
      message.ack();
    } catch (Exception e) {
      refuse(message, e);
    } finally {
      inWork.remove(message);
    }
  }

  private void refuse(Message message, Exception failure) {
    System.out.println("delivery failed: " + failure);
    if (failure instanceof IllegalArgumentException
        || failure instanceof TurnException
        || message.metaData().deliveredCount() >= MAX_DELIVERIES) {
      Headers why = new Headers().put("Dlq-Reason", failure.getClass().getSimpleName());
      jetStream.publishAsync("ai.dlq.chat", why, message.getData());
      message.term();
    } else {
      message.nakWithDelay(Duration.ofSeconds(5));
    }
  }

  private void answer(Message message) throws Exception {
    Map<String, Object> request = request(message);
    String id = (String) request.get("request_id");
    String user = message.getSubject().split("\\.")[3];
    String session = (String) request.getOrDefault("session_id", user);
    long owner = message.metaData().streamSequence();
    Claim claim = claim(id, owner);
    if (claim == null) {
      return;
    }
    Stream stream = new Stream(id, claim.attempt(), (Boolean) request.get("enable_streaming"));
    Map<String, Object> answer = claim.answer();
    if (answer == null) {
      stream.send("start", null, null);
      answer = generate(request, user, session, stream);
      turns.update(id, entry(owner, claim.attempt(), answer), claim.revision());
    }
    save(user, session, message.metaData().timestamp().toInstant(), request, answer);
    stream.send("done", "finish_reason", answer.get("finish_reason"));
    stream.flush();
    answer.put("timestamp", Instant.now().toString());
    String subject = "ai.chat.response." + id;
    jetStream.publish(subject, new Headers().put("Nats-Msg-Id", subject), codec.encode(answer));
  }

  /** The request, checked by hand, with its defaults. */
  private Map<String, Object> request(Message message) {
    Map<String, Object> request = new HashMap<>(codec.decodeMap(message.getData()));
    List.of("enable_rag", "enable_reranker", "enable_streaming")
        .forEach(name -> request.putIfAbsent(name, true));
    request.putIfAbsent("top_k", 5L);
    if (!(request.get("request_id") instanceof String id && id.matches("[A-Za-z0-9_-]{1,128}"))
        || !(request.get("message") instanceof String text
            && !text.isEmpty()
            && text.length() <= 32_768)
        || !(request.get("enable_rag") instanceof Boolean)
        || !(request.get("enable_streaming") instanceof Boolean)
        || !(request.get("top_k") instanceof Long topK && topK >= 1 && topK <= 50)) {
      throw new IllegalArgumentException("invalid request");
    }
    return request;
  }

  /** Null where another message owns the request. */
  @SuppressWarnings("unchecked") // as entry() has it
  private Claim claim(String id, long owner) throws IOException, JetStreamApiException {
    try {
      return new Claim(turns.create(id, entry(owner, 1, null)), 1, null);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE) {
        throw e;
      }
      KeyValueEntry found = turns.get(id);
      Map<String, Object> entry = codec.decodeMap(found.getValue());
      if (((Number) entry.get("owner")).longValue() != owner) {
        return null;
      }
      int attempt = ((Number) entry.get("attempt")).intValue() + 1;
      Map<String, Object> answer = (Map<String, Object>) entry.get("answer");
      long revision = turns.update(id, entry(owner, attempt, answer), found.getRevision());
      return new Claim(revision, attempt, answer);
    }
  }

  private byte[] entry(long owner, int attempt, Map<String, Object> answer) {
    Map<String, Object> entry = new HashMap<>();
    entry.put("owner", owner);
    entry.put("attempt", attempt);
    entry.put("answer", answer);
    return codec.encode(entry);
  }

  private Map<String, Object> generate(
      Map<String, Object> request, String user, String session, Stream stream) throws Exception {
    long began = System.nanoTime();
    List<String> past =
        valkey.ask(COMMANDS.zrange("conversation:" + user + ":" + session, -10, -1));
    StringBuilder system = new StringBuilder(SYSTEM);
    List<Map<String, Object>> sources = List.of();
    if (request.get("enable_rag").equals(true)) {
      sources = retrieve(request, user);
      stream.send("sources", "sources", sources);
      system.append(FROM_SOURCES);
      sources.forEach(
          source ->
              system.append(
                  "\n\n[%s] %s\n%s"
                      .formatted(source.get("n"), source.get("title"), source.get("text"))));
    }
    List<Map<String, String>> messages = new ArrayList<>();
    messages.add(Map.of("role", "system", "content", system.toString()));
    for (String json : past) {
      JsonNode turn = JSON.readTree(json);
      messages.add(Map.of("role", "user", "content", turn.get("question").asText()));
      messages.add(Map.of("role", "assistant", "content", turn.get("answer").asText()));
    }
    messages.add(Map.of("role", "user", "content", (String) request.get("message")));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request_id", request.get("request_id"));
    answer.put("user_id", user);
    answer.put("session_id", session);
    answer.put("success", true);
    complete(messages, stream, answer);
    answer.put("used_rag", !sources.isEmpty());
    answer.put("sources", sources);
    answer.put("degraded", List.of());
    answer.put("timings_ms", Map.of("queue", 0, "total", (System.nanoTime() - began) / 1_000_000));
    return answer;
  }

  private void complete(
      List<Map<String, String>> messages, Stream stream, Map<String, Object> answer)
      throws Exception {
    Map<String, Object> body =
        Map.of(
            "model",
            "any",
            "messages",
            messages,
            "stream",
            true,
            "stream_options",
            Map.of("include_usage", true));
    StringBuilder text = new StringBuilder();
    HttpRequest post = post(environment.get("VLLM_URL") + "/chat/completions", body);
    try (InputStream in = http.send(post, HttpResponse.BodyHandlers.ofInputStream()).body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: {")) {
          JsonNode event = JSON.readTree(line.substring(6));
          JsonNode choice = event.path("choices").path(0);
          String token = choice.path("delta").path("content").asText("");
          if (!token.isEmpty()) {
            text.append(token);
            stream.send("token", "content", token);
          }
          if (choice.hasNonNull("finish_reason")) {
            answer.put("finish_reason", choice.path("finish_reason").asText());
          }
          if (event.hasNonNull("usage")) {
            JsonNode usage = event.path("usage");
            answer.put(
                "usage",
                Map.of(
                    "prompt_tokens",
                    usage.path("prompt_tokens").asInt(),
                    "completion_tokens",
                    usage.path("completion_tokens").asInt()));
          }
          answer.put("model", event.path("model").asText());
        }
      }
    }
    if (!answer.containsKey("finish_reason")) {
      throw new IOException("the model's stream ended before the answer");
    }
    answer.put("response", text.toString());
  }

  private List<Map<String, Object>> retrieve(Map<String, Object> request, String user)
      throws Exception {
    String question = (String) request.get("message");
    int topK = ((Long) request.get("top_k")).intValue();
    JsonNode numbers =
        call(
                environment.get("EMBEDDINGS_URL") + "/v1/embeddings",
                Map.of("model", "BAAI/bge-small-en-v1.5", "input", List.of(question)))
            .at("/data/0/embedding");
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i).floatValue();
    }
    SearchReq search =
        SearchReq.builder()
            .collectionName((String) request.getOrDefault("collection", "documents"))
            .annsField("dense")
            .metricType(IndexParam.MetricType.COSINE)
            .data(List.of(new FloatVec(vector)))
            .limit(Math.max(RERANKED, topK))
            .filter("ARRAY_CONTAINS_ANY(readers, ['public', 'user:" + user + "'])")
            .outputFields(List.of("document", "title", "chunk", "text", "$meta"))
            .build();
    List<SearchResult> all = milvus.search(search).getSearchResults().get(0);
    List<SearchResult> first = all.subList(0, Math.min(RERANKED, all.size()));
    List<?> texts = first.stream().map(hit -> hit.getEntity().get("text")).toList();
    JsonNode results =
        call(
                environment.get("RERANKER_URL") + "/v1/rerank",
                Map.of("model", "any", "query", question, "documents", texts))
            .path("results");
    List<JsonNode> order = new ArrayList<>();
    results.forEach(order::add);
    order.sort((a, b) -> Double.compare(score(b), score(a)));
    List<Map<String, Object>> sources = new ArrayList<>();
    for (JsonNode result : order.subList(0, Math.min(topK, order.size()))) {
      SearchResult hit = first.get(result.path("index").asInt());
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("n", sources.size() + 1);
      source.put("id", hit.getId());
      source.put("score", score(result));
      List.of("document", "title", "text")
          .forEach(field -> source.put(field, hit.getEntity().get(field)));
      sources.add(source);
    }
    return sources;
  }

  private static double score(JsonNode result) {
    return result.path("relevance_score").asDouble();
  }

  private JsonNode call(String url, Map<String, Object> body) throws Exception {
    return JSON.readTree(
        http.send(post(url, body), HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  private static HttpRequest post(String url, Map<String, Object> body) throws IOException {
    return HttpRequest.newBuilder(URI.create(url))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  /** The same turn again is the same member of the set, so that a redelivery adds nothing. */
  private void save(
      String user,
      String session,
      Instant arrived,
      Map<String, Object> request,
      Map<String, Object> answer)
      throws IOException {
    Map<String, Object> turn = new LinkedHashMap<>();
    turn.put("request_id", request.get("request_id"));
    turn.put("question", request.get("message"));
    turn.put("answer", answer.get("response"));
    valkey.ask(
        COMMANDS.eval(
            SAVE,
            List.of("conversation:" + user + ":" + session),
            List.of(Long.toString(arrived.toEpochMilli()), JSON.writeValueAsString(turn))));
  }

  /** The chunks of one answer: each leaves at once, all are awaited at the end. */
  private final class Stream {
    private final String id;
    private final int attempt;
    private final boolean enabled;
    private final List<CompletableFuture<PublishAck>> stored = new ArrayList<>();

    Stream(String id, int attempt, boolean enabled) {
      this.id = id;
      this.attempt = attempt;
      this.enabled = enabled;
    }

    void send(String type, String field, Object value) {
      if (!enabled) {
        return;
      }
      int seq = stored.size();
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("request_id", id);
      chunk.put("attempt", attempt);
      chunk.put("seq", seq);
      chunk.put("type", type);
      if (field != null) {
        chunk.put(field, value);
      }
      stored.add(
          jetStream.publishAsync(
              "ai.chat.response.stream." + id,
              new Headers().put("Nats-Msg-Id", id + "." + attempt + "." + seq),
              codec.encode(chunk)));
    }

    void flush() throws Exception {
      for (CompletableFuture<PublishAck> ack : stored) {
        ack.get(5, TimeUnit.SECONDS);
      }
    }
  }
}
