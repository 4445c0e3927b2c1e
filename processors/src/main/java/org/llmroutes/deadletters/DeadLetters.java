package org.llmroutes.deadletters;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.StreamContext;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.nats.StreamReader;

/** The dead letters in the stream AI_DLQ, each known by its sequence there. */
public final class DeadLetters {
  private static final int DELETE_FAILED = 10057;

  private final StreamContext stream;

  public DeadLetters(Connection connection) throws IOException, JetStreamApiException {
    this.stream = connection.getStreamContext("AI_DLQ");
  }

  /** The numbers of those that are there now, oldest first; reads headers only. */
  public List<Long> numbers(Selection selection)
      throws IOException, JetStreamApiException, InterruptedException {
    List<Long> found = new ArrayList<>();
    StreamReader.read(
        stream,
        new OrderedConsumerConfiguration().filterSubject(selection.subject()).headersOnly(true),
        head -> {
          if (selection.accepts(head)) {
            found.add(head.metaData().streamSequence());
          }
        });
    return found;
  }

  /** How many there are of each family that has any. */
  public Map<String, Long> count() throws IOException, JetStreamApiException {
    Map<String, Long> families = new TreeMap<>();
    stream
        .getStreamInfo(StreamInfoOptions.filterSubjects(new Selection(null, null, null).subject()))
        .getStreamState()
        .getSubjectMap()
        .forEach((subject, count) -> families.put(Letter.family(subject), count));
    return families;
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
