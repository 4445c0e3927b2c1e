package org.llmroutes.turn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * One request in the ledger.
 *
 * @param userId who asked, or null where only a cancel has come yet
 * @param owner the message that carries the request, {@code STREAM/SEQUENCE}, or null where a
 *     message has yet to claim it
 * @param begun how often work on it was begun
 * @param attempt of its answer
 * @param cancelled whether it is to be stopped
 * @param answer the composed answer, MessagePack, or null while there is none
 * @param trace traceparent of the newest work on it, or of a cancel that came before; null where
 *     that was not traced
 */
record LedgerEntry(
    String userId,
    String owner,
    int begun,
    int attempt,
    boolean cancelled,
    byte[] answer,
    String trace) {
  /** What a cancel leaves that comes before its request. */
  static LedgerEntry of(Cancel cancel) {
    return new LedgerEntry(cancel.userId(), null, 0, 0, true, null, cancel.trace());
  }

  static LedgerEntry of(Claim claim, boolean cancelled) {
    return new LedgerEntry(
        claim.userId(),
        claim.owner(),
        claim.begun(),
        claim.attempt(),
        cancelled,
        claim.answer(),
        claim.trace());
  }

  static LedgerEntry decode(MsgpackCodec codec, byte[] payload) {
    Map<String, Object> map = codec.decodeMap(payload);
    return new LedgerEntry(
        (String) map.get("user_id"),
        (String) map.get("owner"),
        ((Number) map.get("begun")).intValue(),
        ((Number) map.get("attempt")).intValue(),
        (Boolean) map.get("cancelled"),
        (byte[]) map.get("answer"),
        (String) map.get("trace"));
  }

  byte[] encode(MsgpackCodec codec) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("user_id", userId);
    map.put("owner", owner);
    map.put("begun", begun);
    map.put("attempt", attempt);
    map.put("cancelled", cancelled);
    map.put("answer", answer);
    if (trace != null) {
      map.put("trace", trace);
    }
    return codec.encode(map);
  }

  LedgerEntry asCancelled() {
    return new LedgerEntry(userId, owner, begun, attempt, true, answer, trace);
  }

  boolean mayBeClaimedBy(String user) {
    return userId == null || userId.equals(user);
  }

  /** Whether the next message of its user with this request id will be worked on. */
  boolean isOpen() {
    return owner == null && !cancelled;
  }

  /** As if it was not begun, except that attempts go on counting, so that clients see the new. */
  LedgerEntry reopenedFor(String user) {
    return new LedgerEntry(user, null, 0, attempt, false, null, trace);
  }

  /** As if it was not begun, with the answer that may be there. */
  LedgerEntry abandoned() {
    return new LedgerEntry(userId, null, 0, attempt, cancelled, answer, trace);
  }

  /** The claim of whoever begins work on it now. */
  Claim claimedBy(String requestId, String user, String message, String trace) {
    return new Claim(requestId, user, message, begun + 1, attempt + 1, cancelled, answer, trace);
  }
}
