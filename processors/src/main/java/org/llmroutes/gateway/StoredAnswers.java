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
import org.llmroutes.speech.AudioStore;

/** What AI_STREAMS and AI_RESPONSES keep of answers. Safe for concurrent use; every call waits. */
public final class StoredAnswers {
  private static final int AT_ONCE = 128;
  private static final int BYTES_AT_ONCE = 1 << 20;

  private final Connection connection;
  private final MsgpackCodec codec;
  private final AudioStore audio;

  public StoredAnswers(Connection connection, MsgpackCodec codec) {
    this.connection = connection;
    this.codec = codec;
    this.audio = new AudioStore(connection);
  }

  /**
   * Chunks in their order.
   *
   * @param next sequence in the stream from which to read on
   * @param complete whether these are all
   */
  record Chunks(List<Map<String, Object>> chunks, long next, boolean complete) {}

  /** The next chunks of a request from a sequence on, a bounded number. */
  Chunks chunks(Course course, long from) throws IOException, JetStreamApiException {
    List<Map<String, Object>> chunks = new ArrayList<>();
    long next = from;
    int bytes = 0;
    while (chunks.size() < AT_ONCE && bytes < BYTES_AT_ONCE) {
      long start = next;
      Optional<MessageInfo> found =
          StoredMessages.find(
              () ->
                  connection
                      .jetStreamManagement()
                      .getNextMessage(course.stream(), start, course.chunks()));
      if (found.isEmpty()) {
        return new Chunks(chunks, next, true);
      }
      chunks.add(withAudio(codec.decodeMap(found.get().getData())));
      bytes += found.get().getData().length;
      next = found.get().getSeq() + 1;
    }
    return new Chunks(chunks, next, false);
  }

  /** The final response that was published on a subject. */
  public Optional<Map<String, Object>> response(String subject)
      throws IOException, JetStreamApiException {
    return StoredMessages.find(
            () -> connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject))
        .map(found -> withAudio(codec.decodeMap(found.getData())));
  }

  /** The message with its audio in itself, unless that has expired. */
  Map<String, Object> withAudio(Map<String, Object> message) {
    if (message.get("audio_ref") instanceof String ref) {
      audio
          .get(ref, Integer.MAX_VALUE)
          .ifPresent(
              bytes -> {
                message.remove("audio_ref");
                message.put("audio", bytes);
              });
    }
    return message;
  }
}
