package org.llmroutes.nats;

import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.StreamContext;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads what a stream holds when the reading begins, oldest first. */
public final class StreamReader {
  private static final int BATCH = 500;

  private StreamReader() {}

  /**
   * @param what which subjects, and whether headers only
   */
  public static void read(
      StreamContext stream, OrderedConsumerConfiguration what, Consumer<Message> onMessage)
      throws IOException, JetStreamApiException, InterruptedException {
    long last = stream.getStreamInfo().getStreamState().getLastSequence();
    OrderedConsumerContext messages = stream.createOrderedConsumer(what);
    long at = 0;
    while (at < last) {
      List<Message> batch = next(messages);
      if (batch.isEmpty()) {
        return;
      }
      for (Message message : batch) {
        at = message.metaData().streamSequence();
        if (at <= last) {
          onMessage.accept(message);
        }
      }
    }
  }

  private static List<Message> next(OrderedConsumerContext messages)
      throws IOException, JetStreamApiException, InterruptedException {
    FetchConsumeOptions options = FetchConsumeOptions.builder().maxMessages(BATCH).noWait().build();
    List<Message> batch = new ArrayList<>();
    try (FetchConsumer fetch = messages.fetch(options)) {
      for (Message next = fetch.nextMessage(); next != null; next = fetch.nextMessage()) {
        batch.add(next);
      }
    } catch (JetStreamStatusCheckedException e) {
      throw new IOException("A stream cannot be read: " + e.getMessage(), e);
    } catch (IOException | JetStreamApiException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("A stream cannot be read", e);
    }
    return batch;
  }
}
