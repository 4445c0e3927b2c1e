package org.llmroutes.cli;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * A client of the chat or the voice contract: publishes a request, hands on the stream chunks,
 * returns the final response.
 */
final class TurnClient implements AutoCloseable {
  private final Caller caller;
  private final Connection connection;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final Dispatcher dispatcher;
  private final String responses;
  private final String requests;

  private TurnClient(Caller caller, String responses, String requests) {
    this.caller = caller;
    this.connection = caller.connection();
    this.responses = responses;
    this.requests = requests;
    this.dispatcher = connection.createDispatcher();
  }

  static TurnClient ofChat(Caller caller) {
    return new TurnClient(caller, "ai.chat.response.", "ai.chat.user.%s.message");
  }

  static TurnClient ofVoice(Caller caller) {
    return new TurnClient(caller, "ai.voice.response.", "ai.voice.user.%s.request");
  }

  /**
   * @param onChunk called on the calling thread with every stream chunk, in order
   * @throws TimeoutException where nothing came for {@code silence}
   */
  Map<String, Object> ask(
      Map<String, Object> request, Duration silence, Consumer<Map<String, Object>> onChunk)
      throws IOException, JetStreamApiException, InterruptedException, TimeoutException {
    Span span = Tracing.receive(Span.Kind.CLIENT, "ask", name -> null);
    try (Span.Scope ignored = span.enter()) {
      span.request((String) request.get("request_id"));
      return asked(request, silence, onChunk);
    } catch (IOException | JetStreamApiException | TimeoutException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private Map<String, Object> asked(
      Map<String, Object> request, Duration silence, Consumer<Map<String, Object>> onChunk)
      throws IOException, JetStreamApiException, InterruptedException, TimeoutException {
    String id = (String) request.get("request_id");
    String finalSubject = caller.heardOn(responses + id);
    String streamSubject = caller.heardOn(responses + "stream." + id);
    String subject = String.format(Locale.ROOT, requests, caller.user());
    byte[] payload = codec.encode(request);
    BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    dispatcher.subscribe(finalSubject, arrived::add);
    dispatcher.subscribe(streamSubject, arrived::add);
    connection.flush(silence);
    Headers headers = TraceHeaders.into(new Headers().put("Nats-Msg-Id", id), Tracing.current());
    connection.jetStream().publish(subject, headers, payload);
    try (Caller.Repetition ignored = caller.againAfterOutage(subject, payload)) {
      while (true) {
        Message message = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
          throw new TimeoutException(
              "No answer within " + silence.toSeconds() + " s; is ./dev up or ./dev run running?");
        }
        Map<String, Object> content = codec.decodeMap(message.getData());
        if (message.getSubject().equals(finalSubject)) {
          return content;
        }
        onChunk.accept(content);
      }
    } finally {
      dispatcher.unsubscribe(finalSubject);
      dispatcher.unsubscribe(streamSubject);
    }
  }

  @Override
  public void close() {
    connection.closeDispatcher(dispatcher);
  }
}
