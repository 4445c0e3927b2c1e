package org.llmroutes.local.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.llmroutes.local.ai.JsonServer;

/**
 * A stand-in for vLLM: the OpenAI chat protocol over a real socket, with answers made up by the
 * test. It can be slow, refuse, hang and break off on demand, and remembers what it was asked.
 */
public final class FakeVllm extends JsonServer {
  public static final String MODEL = "fake-model";

  /**
   * A token that is sent as a space and the time it is sent at, {@link System#nanoTime}, which all
   * processes of a Linux machine share.
   */
  public static final String NOW = "{now}";

  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<Headers> headers = new CopyOnWriteArrayList<>();
  private final AtomicInteger abandoned = new AtomicInteger();
  private volatile Function<JsonNode, Reply> script;
  private volatile List<String> models = List.of(MODEL);

  /**
   * What a request gets.
   *
   * @param status other than 200 is answered with an error
   * @param words of that error
   * @param tokens in the order in which they are sent
   * @param firstMicros pause before the first token
   * @param gapMicros pause before each further one
   * @param cutAfter tokens after which the connection is cut, -1 for never
   * @param pauses by tokens sent: what is waited for before more comes
   */
  public record Reply(
      int status,
      String words,
      List<String> tokens,
      long firstMicros,
      long gapMicros,
      int cutAfter,
      Map<Integer, CountDownLatch> pauses) {
    public static Reply of(String... tokens) {
      return new Reply(200, "", List.of(tokens), 0, 0, -1, Map.of());
    }

    public static Reply failing(int status) {
      return failing(status, "the test asked for HTTP " + status);
    }

    public static Reply failing(int status, String words) {
      return new Reply(status, words, List.of(), 0, 0, -1, Map.of());
    }

    public Reply every(long micros) {
      return every(micros, micros);
    }

    public Reply every(long first, long further) {
      return new Reply(status, words, tokens, first, further, cutAfter, pauses);
    }

    public Reply cutAfter(int sent) {
      return new Reply(status, words, tokens, firstMicros, gapMicros, sent, pauses);
    }

    /** Nothing more comes after these tokens. */
    public Reply hangAfter(int sent) {
      return pauseAfter(sent, new CountDownLatch(1));
    }

    /** What comes after these tokens comes once this is over. */
    public Reply pauseAfter(int sent, CountDownLatch over) {
      Map<Integer, CountDownLatch> all = new HashMap<>(pauses);
      all.put(sent, over);
      return new Reply(status, words, tokens, firstMicros, gapMicros, cutAfter, all);
    }
  }

  public FakeVllm(Function<JsonNode, Reply> script) {
    super(0);
    this.script = script;
    on(
        "/v1/models",
        request ->
            Map.of(
                "data", models.stream().map(id -> Map.of("id", id, "object", "model")).toList()));
    handle("/v1/chat/completions", this::complete);
  }

  /** Replaces the script from the next request on. */
  public void script(Function<JsonNode, Reply> next) {
    script = next;
  }

  /** Replaces the models that are listed. */
  public void models(String... ids) {
    models = List.of(ids);
  }

  /** The requests so far, oldest first. */
  public List<JsonNode> requests() {
    return requests;
  }

  /** The headers of each request, oldest first. */
  public List<Headers> headers() {
    return headers;
  }

  /** The {@code traceparent} of each request that had one, oldest first. */
  public List<String> traces() {
    return headers.stream()
        .map(sent -> sent.getFirst("traceparent"))
        .filter(Objects::nonNull)
        .toList();
  }

  /** How many streams a client closed before their end. */
  public int abandoned() {
    return abandoned.get();
  }

  /** The base URL as {@code VLLM_URL} has it. */
  public String baseUrl() {
    return url() + "/v1";
  }

  private void complete(JsonNode request, HttpExchange exchange) throws IOException {
    requests.add(request);
    headers.add(exchange.getRequestHeaders());
    Reply reply = script.apply(request);
    if (reply.status() != 200) {
      send(exchange, reply.status(), error("fake_error", reply.words()));
    } else if (request.path("stream").asBoolean()) {
      stream(request, reply, exchange);
    } else {
      send(exchange, 200, completion(String.join("", reply.tokens())));
    }
  }

  private void stream(JsonNode request, Reply reply, HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    try {
      event(out, Map.of("role", "assistant", "content", ""), null);
      int sent = 0;
      for (String token : reply.tokens()) {
        if (sent == reply.cutAfter()) {
          throw new CutOff();
        }
        if (reply.pauses().containsKey(sent)) {
          await(reply.pauses().get(sent));
        }
        long pause = sent == 0 ? reply.firstMicros() : reply.gapMicros();
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pause));
        event(out, Map.of("content", NOW.equals(token) ? " " + System.nanoTime() : token), null);
        sent++;
      }
      if (sent == reply.cutAfter()) {
        throw new CutOff();
      }
      event(out, Map.of(), "stop");
      if (request.path("stream_options").path("include_usage").asBoolean()) {
        usage(out, sent);
      }
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
      out.close();
    } catch (CutOff e) {
      throw e;
    } catch (IOException e) {
      abandoned.incrementAndGet();
    }
  }

  /** Says nothing more until then, or until the server is closed. */
  private static void await(CountDownLatch over) throws IOException {
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new IOException("The server was stopped", e);
    }
  }

  private static final class CutOff extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static void event(OutputStream out, Map<String, Object> delta, String finishReason)
      throws IOException {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("delta", delta);
    choice.put("finish_reason", finishReason);
    write(out, Map.of("model", MODEL, "choices", List.of(choice)));
  }

  private static void usage(OutputStream out, int tokens) throws IOException {
    Map<String, Object> usage =
        Map.of("prompt_tokens", 7, "completion_tokens", tokens, "total_tokens", 7 + tokens);
    write(out, Map.of("model", MODEL, "choices", new ArrayList<>(), "usage", usage));
  }

  private static void write(OutputStream out, Object event) throws IOException {
    out.write(
        ("data: " + JSON.writeValueAsString(event) + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static Map<String, Object> completion(String text) {
    return Map.of(
        "model",
        MODEL,
        "choices",
        List.of(
            Map.of(
                "index",
                0,
                "message",
                Map.of("role", "assistant", "content", text),
                "finish_reason",
                "stop")),
        "usage",
        Map.of("prompt_tokens", 7, "completion_tokens", 1, "total_tokens", 8));
  }
}
