package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A collector of spans that knows OTLP by its field numbers, and nothing of our code.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto">trace.proto</a>
 */
final class OtlpReceiver implements AutoCloseable {
  private static final List<String> KINDS =
      List.of("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile CompletableFuture<Integer> answer = CompletableFuture.completedFuture(200);

  /**
   * @param attributes as text
   * @param status 0 unset, 1 ok, 2 error
   * @param links span ids
   */
  record Received(
      String traceId,
      String spanId,
      String parentId,
      String name,
      String kind,
      long start,
      long end,
      Map<String, String> attributes,
      int status,
      List<String> links) {
    String attribute(String name) {
      return attributes.get(name);
    }
  }

  OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  /** As {@code OTEL_EXPORTER_OTLP_ENDPOINT} has it. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Received> spans() {
    return spans;
  }

  /** Says nothing to whoever asks from here on. */
  void hang() {
    answer = new CompletableFuture<>();
  }

  /** Answers so from here on, and to whoever waits. */
  void answer(int status) {
    CompletableFuture<Integer> before = answer;
    answer = CompletableFuture.completedFuture(status);
    before.complete(status);
  }

  /** What was shown for authorization, by each request. */
  List<String> authorizations() {
    return authorizations;
  }

  /**
   * The spans of one trace, once those are there that the test waits for. Which of two that nobody
   * waits for ends first, no process promises.
   */
  List<Received> trace(String traceId, String... names) {
    await().untilAsserted(() -> assertThat(of(traceId)).extracting(Received::name).contains(names));
    return of(traceId);
  }

  List<Received> of(String traceId) {
    return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      authorizations.add(
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization")).orElse(""));
      int status = answer.join();
      UnknownFieldSet request = UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
      for (UnknownFieldSet resource : messages(request, 1)) {
        for (UnknownFieldSet scope : messages(resource, 2)) {
          if (status == 200) {
            messages(scope, 2).forEach(span -> spans.add(span(span)));
          }
        }
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private static Received span(UnknownFieldSet span) {
    UnknownFieldSet status = messages(span, 15).stream().findFirst().orElse(null);
    return new Received(
        id(span, 1),
        id(span, 2),
        id(span, 4),
        text(span, 5),
        KINDS.get(span.getField(6).getVarintList().get(0).intValue()),
        span.getField(7).getFixed64List().get(0),
        span.getField(8).getFixed64List().get(0),
        messages(span, 9).stream()
            .collect(
                Collectors.toMap(
                    attribute -> text(attribute, 1),
                    attribute -> value(messages(attribute, 2).get(0)))),
        status == null || status.getField(3).getVarintList().isEmpty()
            ? 0
            : status.getField(3).getVarintList().get(0).intValue(),
        messages(span, 13).stream().map(link -> id(link, 2)).toList());
  }

  private static String value(UnknownFieldSet any) {
    if (any.hasField(5)) {
      return messages(messages(any, 5).get(0), 1).stream()
          .map(OtlpReceiver::value)
          .collect(Collectors.joining(","));
    } else if (any.hasField(4)) {
      return Double.toString(Double.longBitsToDouble(any.getField(4).getFixed64List().get(0)));
    } else if (any.hasField(3)) {
      return any.getField(3).getVarintList().get(0).toString();
    }
    return text(any, 1);
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList().stream().map(OtlpReceiver::message).toList();
  }

  private static UnknownFieldSet message(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String id(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList().stream()
        .findFirst()
        .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
        .orElse("");
  }

  private static String text(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList().stream()
        .findFirst()
        .map(ByteString::toStringUtf8)
        .orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
