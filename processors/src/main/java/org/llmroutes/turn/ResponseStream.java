package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.MessageSpans;
import org.llmroutes.nats.OnceMore;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * The stream chunks of one answer. Each leaves at once; the acknowledgements of the stream are
 * awaited at the end, and a chunk without one is published again under the same message id. A copy
 * of each goes to its user's own subject. Does nothing for a client that asked for no streaming.
 * Chunks may come from several threads; the beginning, the end and a restart from one. A trace has
 * one span for all chunks.
 */
public final class ResponseStream {
  private static final Duration ACK_TIMEOUT = Duration.ofSeconds(5);

  private final Connection connection;
  private final JetStream jetStream;
  private final MsgpackCodec codec;
  private final String subject;
  private final String copySubject;
  private final String requestId;
  private final boolean enabled;
  private final Deque<Sent> unacknowledged = new ArrayDeque<>();
  private final Map<String, Entry<String, Object>> preamble = new LinkedHashMap<>();
  private Span span = Span.NONE;
  private long chunks;
  private int attempt;
  private int seq;
  private boolean ended;

  private record Sent(NatsMessage message, CompletableFuture<PublishAck> ack) {}

  /**
   * @param subjects what the subject begins with; the request id follows
   */
  ResponseStream(
      Connection connection,
      JetStream jetStream,
      MsgpackCodec codec,
      String subjects,
      Claim claim,
      boolean enabled) {
    this.connection = connection;
    this.jetStream = jetStream;
    this.codec = codec;
    this.requestId = claim.requestId();
    this.subject = subjects + requestId;
    this.copySubject = UserSubjects.copyOf(subject, claim.userId());
    this.attempt = claim.attempt();
    this.enabled = enabled;
  }

  void start() {
    send("start", Map.of());
  }

  /**
   * @param chosen the sources as the response lists them
   */
  public void sources(List<?> chosen) {
    tellInEachAttempt("sources", "sources", chosen);
  }

  /** The sources as they are from the next attempt on, in place of those told before. */
  public synchronized void sourcesOfNextAttempt(List<?> chosen) {
    preamble.put("sources", Map.entry("sources", chosen));
  }

  /** What was understood of a spoken question. */
  public void transcription(String text) {
    tellInEachAttempt("transcription", "content", text);
  }

  private synchronized void tellInEachAttempt(String type, String field, Object value) {
    preamble.put(type, Map.entry(field, value));
    send(type, Map.of(field, value));
  }

  public void token(String text) {
    send("token", Map.of("content", text));
  }

  /** What the model thinks before it answers. */
  public void thought(String text) {
    send("thought", Map.of("content", text));
  }

  /**
   * @param fields audio, text, end and format, as the schema of voice chunks says, of the chunk
   *     with this seq
   */
  public synchronized void audio(IntFunction<Map<String, Object>> fields) {
    if (enabled) {
      send("audio", fields.apply(seq));
    }
  }

  /** Whether anything was told. */
  synchronized boolean begun() {
    return seq > 0;
  }

  /** Tells a whole answer once more, up to its last chunk. */
  void repeat(Map<String, Object> answer) {
    start();
    if (answer.get("transcription") instanceof String text) {
      transcription(text);
    }
    if (answer.get("sources") instanceof List<?> chosen) {
      sources(chosen);
    }
    if (answer.get("response") instanceof String text && !text.isEmpty()) {
      token(text);
    }
  }

  /** Begins the answer again under the next attempt, sources included. */
  synchronized void restart(int nextAttempt) {
    attempt = nextAttempt;
    seq = 0;
    start();
    preamble.forEach((type, field) -> send(type, Map.of(field.getKey(), field.getValue())));
  }

  /** The last chunk of a good answer that is recorded; nothing where it has left. */
  public synchronized void last(String finishReason) {
    if (!ended) {
      send("done", Map.of("finish_reason", finishReason));
      ended = true;
    }
  }

  /** Sends the last chunk unless it has left; returns once the stream has stored every chunk. */
  void done(String finishReason) throws IOException, InterruptedException {
    last(finishReason);
    flush();
    close();
  }

  /** The last chunk of a failed one. */
  void error(Map<String, Object> error) throws IOException, InterruptedException {
    send("error", Map.of("error", error));
    flush();
    close();
  }

  private synchronized void send(String type, Map<String, ?> fields) {
    if (!enabled) {
      return;
    }
    Map<String, Object> chunk = new LinkedHashMap<>();
    chunk.put("request_id", requestId);
    chunk.put("attempt", attempt);
    chunk.put("seq", seq);
    chunk.put("type", type);
    chunk.putAll(fields);
    if (chunks == 0) {
      span = MessageSpans.publish(Tracing.current().root(), "AI_STREAMS", subject);
    }
    chunks++;
    Headers headers = new Headers().put("Nats-Msg-Id", requestId + "." + attempt + "." + seq);
    span.inject(headers::put);
    NatsMessage message =
        NatsMessage.builder().subject(subject).headers(headers).data(codec.encode(chunk)).build();
    unacknowledged.add(new Sent(message, publish(message)));
    seq++;
    while (!unacknowledged.isEmpty() && acknowledged(unacknowledged.peek())) {
      unacknowledged.remove();
    }
  }

  /**
   * Also on a thread that was interrupted, or is meanwhile: the client library drops what is
   * published then, in silence. The stream knows the message id of what it has already.
   */
  private CompletableFuture<PublishAck> publish(NatsMessage message) {
    boolean interrupted = Thread.interrupted();
    CompletableFuture<PublishAck> ack = jetStream.publishAsync(message);
    if (Thread.interrupted()) {
      interrupted = true;
      ack = jetStream.publishAsync(message);
    }
    connection.publish(copySubject, TraceHeaders.of(span), message.getData());
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ack;
  }

  private static boolean acknowledged(Sent sent) {
    return sent.ack().isDone() && !sent.ack().isCompletedExceptionally();
  }

  /** Nothing more is told. */
  synchronized void close() {
    span.set(Names.MESSAGING_COUNT, chunks).end();
  }

  private void flush() throws IOException, InterruptedException {
    for (Sent sent = unacknowledged.poll(); sent != null; sent = unacknowledged.poll()) {
      try {
        sent.ack().get(ACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        publishAgain(sent.message(), e);
      }
    }
  }

  private void publishAgain(NatsMessage message, Exception first) throws IOException {
    try {
      OnceMore.send(connection, () -> jetStream.publish(message));
    } catch (io.nats.client.JetStreamApiException | RuntimeException e) {
      e.addSuppressed(first);
      throw new IOException("A stream chunk of " + requestId + " could not be stored", e);
    }
  }
}
