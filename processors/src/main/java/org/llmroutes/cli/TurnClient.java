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

/**
 * A client of the chat or the voice contract: publishes a request, hands on the stream chunks,
 * returns the final response.
 */
final class TurnClient implements AutoCloseable {
  private final Connection connection;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final Dispatcher dispatcher;
  private final String responses;
  private final String requests;

  private TurnClient(Connection connection, String responses, String requests) {
    this.connection = connection;
    this.responses = responses;
    this.requests = requests;
    this.dispatcher = connection.createDispatcher();
  }

  static TurnClient ofChat(Connection connection) {
    return new TurnClient(connection, "ai.chat.response.", "ai.chat.user.%s.message");
  }

  static TurnClient ofVoice(Connection connection) {
    return new TurnClient(connection, "ai.voice.response.", "ai.voice.user.%s.request");
  }

  /**
   * @param onChunk called on the calling thread with every stream chunk, in order
   * @throws TimeoutException where nothing came for {@code silence}
   */
  Map<String, Object> ask(
      String user,
      Map<String, Object> request,
      Duration silence,
      Consumer<Map<String, Object>> onChunk)
      throws IOException, JetStreamApiException, InterruptedException, TimeoutException {
    String id = (String) request.get("request_id");
    String finalSubject = responses + id;
    String streamSubject = responses + "stream." + id;
    BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    dispatcher.subscribe(finalSubject, arrived::add);
    dispatcher.subscribe(streamSubject, arrived::add);
    connection.flush(silence);
    connection
        .jetStream()
        .publish(
            String.format(Locale.ROOT, requests, user),
            new Headers().put("Nats-Msg-Id", id),
            codec.encode(request));
    try {
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

  /** Asks whoever works on a request to stop; returns once the server has it. */
  static void cancel(Connection connection, String requestId)
      throws InterruptedException, TimeoutException {
    connection.publish("ai.cancel." + requestId, new byte[0]);
    connection.flush(Duration.ofSeconds(5));
  }

  @Override
  public void close() {
    connection.closeDispatcher(dispatcher);
  }
}
