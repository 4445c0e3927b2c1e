package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Who works on which request, in the JetStream key-value bucket {@code turns}: one entry a request,
 * written with compare and set, so that two copies of a request, on one instance or on two,
 * generate once.
 *
 * <p>An entry holds the user, the message that owns the request, the attempt, and the answer once
 * it is composed. A redelivery of the owning message takes over with the next attempt; another
 * message with the same request id never does, since the owning one stays in its stream until it is
 * answered.
 */
public final class TurnLedger {
  private static final int WRONG_LAST_SEQUENCE = 10071;

  private final Connection connection;
  private final MsgpackCodec codec;
  private volatile KeyValue bucket;

  public TurnLedger(Connection connection, MsgpackCodec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  /**
   * @param message the stream sequence of the message that carries the request
   */
  Claim claim(String family, String requestId, String userId, long message)
      throws IOException, JetStreamApiException {
    String key = family + "." + requestId;
    try {
      long revision = bucket().create(key, entry(userId, message, 1, null));
      return new Claim(Claim.Kind.OURS, key, 1, revision, null);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE) {
        throw e;
      }
      return contest(key, userId, message);
    }
  }

  private Claim contest(String key, String userId, long message)
      throws IOException, JetStreamApiException {
    KeyValueEntry found = bucket().get(key);
    if (found == null) {
      throw new IOException("The turn " + key + " expired while it was claimed");
    }
    Map<String, Object> entry = codec.decodeMap(found.getValue());
    byte[] answer = (byte[]) entry.get("answer");
    int attempt = ((Number) entry.get("attempt")).intValue();
    if (!userId.equals(entry.get("user_id"))) {
      return new Claim(Claim.Kind.FOREIGN, key, attempt, found.getRevision(), null);
    } else if (((Number) entry.get("message")).longValue() != message) {
      return new Claim(Claim.Kind.DUPLICATE, key, attempt, found.getRevision(), answer);
    }
    long revision = update(key, entry(userId, message, attempt + 1, answer), found.getRevision());
    return new Claim(Claim.Kind.OURS, key, attempt + 1, revision, answer);
  }

  /**
   * Records a composed answer: from here on a redelivery saves and sends it again and generates
   * nothing.
   *
   * @throws LostTurnException where another delivery has taken the turn over
   */
  void record(Turn turn, long message, byte[] answer) throws IOException, JetStreamApiException {
    Claim claim = turn.claim();
    update(claim.key(), entry(turn.userId(), message, claim.attempt(), answer), claim.revision());
  }

  private long update(String key, byte[] entry, long revision)
      throws IOException, JetStreamApiException {
    try {
      return bucket().update(key, entry, revision);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
        throw new LostTurnException(key, e);
      }
      throw e;
    }
  }

  private byte[] entry(String userId, long message, int attempt, byte[] answer) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("user_id", userId);
    entry.put("message", message);
    entry.put("attempt", attempt);
    entry.put("answer", answer);
    return codec.encode(entry);
  }

  private KeyValue bucket() throws IOException {
    if (bucket == null) {
      bucket = connection.keyValue("turns");
    }
    return bucket;
  }
}
