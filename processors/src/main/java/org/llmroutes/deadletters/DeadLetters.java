package org.llmroutes.deadletters;

import io.nats.client.Connection;
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
import java.util.Optional;
import org.llmroutes.nats.StoredMessages;

/** The dead letters in the stream AI_DLQ, each known by its sequence there. */
public final class DeadLetters {
  private static final int DELETE_FAILED = 10057;
  private static final int BATCH = 500;

  private final StreamContext stream;

  public DeadLetters(Connection connection) throws IOException, JetStreamApiException {
    this.stream = connection.getStreamContext("AI_DLQ");
  }

  /** The numbers of those that are there now, oldest first; reads headers only. */
  public List<Long> numbers(Selection selection)
      throws IOException, JetStreamApiException, InterruptedException {
    long last = stream.getStreamInfo().getStreamState().getLastSequence();
    OrderedConsumerContext heads =
        stream.createOrderedConsumer(
            new OrderedConsumerConfiguration()
                .filterSubject(selection.subject())
                .headersOnly(true));
    List<Long> found = new ArrayList<>();
    long at = 0;
    while (at < last) {
      List<Message> batch = next(heads);
      if (batch.isEmpty()) {
        return found;
      }
      for (Message head : batch) {
        at = head.metaData().streamSequence();
        if (at <= last && selection.accepts(head)) {
          found.add(at);
        }
      }
    }
    return found;
  }

  private static List<Message> next(OrderedConsumerContext heads)
      throws IOException, JetStreamApiException, InterruptedException {
    FetchConsumeOptions options = FetchConsumeOptions.builder().maxMessages(BATCH).noWait().build();
    List<Message> batch = new ArrayList<>();
    try (FetchConsumer fetch = heads.fetch(options)) {
      for (Message head = fetch.nextMessage(); head != null; head = fetch.nextMessage()) {
        batch.add(head);
      }
    } catch (JetStreamStatusCheckedException e) {
      throw new IOException("The dead letters cannot be read: " + e.getMessage(), e);
    } catch (IOException | JetStreamApiException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The dead letters cannot be read", e);
    }
    return batch;
  }

  public Optional<Letter> find(long number) throws IOException, JetStreamApiException {
    return number < 1
        ? Optional.empty()
        : StoredMessages.find(() -> stream.getMessage(number)).map(Letter::new);
  }

  /** Deletes a letter; false where there is none. */
  public boolean delete(long number) throws IOException, JetStreamApiException {
    try {
      return number > 0 && stream.deleteMessage(number, false);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == DELETE_FAILED && find(number).isEmpty()) {
        return false;
      }
      throw e;
    }
  }
}
