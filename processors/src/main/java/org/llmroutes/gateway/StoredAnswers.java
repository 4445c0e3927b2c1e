package org.llmroutes.gateway;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.StoredMessages;

/** What AI_STREAMS and AI_RESPONSES keep of answers. Safe for concurrent use; every call waits. */
public final class StoredAnswers {
  private static final int AT_ONCE = 128;

  private final Connection connection;
  private final MsgpackCodec codec;

  public StoredAnswers(Connection connection, MsgpackCodec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  /**
   * Chunks in their order.
   *
   * @param next sequence in the stream from which to read on
   * @param complete whether these are all
   */
  record Chunks(List<Map<String, Object>> chunks, long next, boolean complete) {}

  /** The next chunks of a subject from a sequence on, a bounded number. */
  Chunks chunks(String subject, long from) throws IOException, JetStreamApiException {
    List<Map<String, Object>> chunks = new ArrayList<>();
    long next = from;
    while (chunks.size() < AT_ONCE) {
      long start = next;
      Optional<MessageInfo> found =
          StoredMessages.find(
              () -> connection.jetStreamManagement().getNextMessage("AI_STREAMS", start, subject));
      if (found.isEmpty()) {
        return new Chunks(chunks, next, true);
      }
      chunks.add(codec.decodeMap(found.get().getData()));
      next = found.get().getSeq() + 1;
    }
    return new Chunks(chunks, next, false);
  }

  /** The final response that was published on a subject. */
  public Optional<Map<String, Object>> response(String subject)
      throws IOException, JetStreamApiException {
    return StoredMessages.find(
            () -> connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject))
        .map(found -> codec.decodeMap(found.getData()));
  }
}
