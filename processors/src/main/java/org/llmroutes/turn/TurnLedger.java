package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.Bucket;
import org.llmroutes.nats.OnceMore;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * Who works on which request, in the JetStream key-value bucket {@code turns}: one entry a request,
 * written with compare and set, so that two copies of a request, on one instance or on two,
 * generate once. Safe for concurrent use.
 *
 * <p>A redelivery of the message that owns a request takes over with the next attempt; another
 * message with the same request id never does, since the owning one stays in its stream until it is
 * answered. Where that one is gone and there is no answer, the next one takes its place.
 */
public final class TurnLedger {
  private final Bucket bucket;
  private final Standing standing;
  private final MsgpackCodec codec;

  /** An entry as it was read. */
  record Found(LedgerEntry entry, long revision) {}

  public TurnLedger(Connection connection, MsgpackCodec codec) {
    this.bucket = new Bucket(connection, "turns");
    this.standing = new Standing(connection);
    this.codec = codec;
  }

  /**
   * @param owner the message that carries the request, {@code STREAM/SEQUENCE}
   * @param response subject of the request's final response
   *     <p>The trace of the calling thread is linked to that of earlier work on the request.
   * @return the claim, or empty where another message with the same request id is or was answered
   * @throws TurnException {@code rejected} where the request id belongs to another user
   */
  Optional<Claim> claim(String requestId, String userId, String owner, String response)
      throws IOException, JetStreamApiException {
    Span span = Tracing.current().root();
    String trace = span.traceparent();
    Claim claim = new Claim(requestId, userId, owner, 1, 1, false, null, trace);
    if (create(requestId, LedgerEntry.of(claim, false), claim)) {
      return Optional.of(claim);
    }
    while (true) {
      Found found = find(requestId);
      LedgerEntry entry = found.entry();
      if (!entry.mayBeClaimedBy(userId)) {
        throw new TurnException(ErrorCode.REJECTED, "request_id belongs to another user");
      } else if (entry.owner() != null && !owner.equals(entry.owner())) {
        if (standing.holds(entry, requestId, response)) {
          span.link(entry.trace());
          return Optional.empty();
        }
        entry = entry.abandoned();
      }
      Claim next = entry.claimedBy(requestId, userId, owner, trace);
      if (update(next, LedgerEntry.of(next, entry.cancelled()), found.revision())) {
        span.link(entry.trace());
        return Optional.of(next);
      }
    }
  }

  /**
   * Notes whose a request will be, before its message is published.
   *
   * @return whether it is that user's
   */
  public boolean reserve(String requestId, String userId)
      throws IOException, JetStreamApiException {
    LedgerEntry reserved = new LedgerEntry(userId, null, 0, 0, false, null, null);
    return OnceMore.send(
        () -> create(requestId, reserved, null) || find(requestId).entry().mayBeClaimedBy(userId));
  }

  /** Whose a request is; empty where it is nobody's, or has expired. */
  public Optional<String> userOf(String requestId) throws IOException, JetStreamApiException {
    return read(requestId).map(found -> found.entry().userId());
  }

  /**
   * Records a composed answer: from here on a redelivery saves and sends it again and generates
   * nothing.
   *
   * @throws LostTurnException where another delivery has taken the turn over
   */
  void record(Claim claim, byte[] answer) throws IOException, JetStreamApiException {
    claim.answer(answer);
    write(claim);
  }

  /** Notes that the answer is begun again by who has the claim. */
  void nextAttempt(Claim claim) throws IOException, JetStreamApiException {
    claim.nextAttempt();
    write(claim);
  }

  /** Notes that a request is to be stopped, be it in work, waiting, or not even here yet. */
  void cancel(Cancel cancel) throws IOException, JetStreamApiException {
    String requestId = cancel.requestId();
    if (create(requestId, LedgerEntry.of(cancel), null)) {
      return;
    }
    while (true) {
      Found found = find(requestId);
      if (found.entry().cancelled()
          || !cancel.concerns(found.entry().userId())
          || found.entry().answer() != null
          || put(requestId, found.entry().asCancelled(), found.revision()).isPresent()) {
        return;
      }
    }
  }

  /** Whether a cancel of this request of that user has come that no turn has taken up. */
  public boolean cancelled(String requestId, String userId)
      throws IOException, JetStreamApiException {
    return read(requestId)
        .map(Found::entry)
        .filter(entry -> entry.owner() == null && entry.mayBeClaimedBy(userId))
        .filter(LedgerEntry::cancelled)
        .isPresent();
  }

  private void write(Claim claim) throws IOException, JetStreamApiException {
    int attemptBefore = claim.answer() == null ? claim.attempt() - 1 : claim.attempt();
    boolean cancelled = claim.cancelled();
    while (!update(claim, LedgerEntry.of(claim, cancelled), claim.revision())) {
      Found found = find(claim.requestId());
      LedgerEntry entry = found.entry();
      if (entry.begun() != claim.begun() || entry.attempt() != attemptBefore) {
        throw new LostTurnException(claim.requestId());
      }
      // only a cancel came between
      cancelled = entry.cancelled();
      claim.revision(found.revision());
    }
  }

  private boolean create(String requestId, LedgerEntry entry, Claim claim)
      throws IOException, JetStreamApiException {
    Optional<Long> written = bucket.create(requestId, entry.encode(codec));
    if (claim != null) {
      written.ifPresent(claim::revision);
    }
    return written.isPresent();
  }

  private boolean update(Claim claim, LedgerEntry entry, long revision)
      throws IOException, JetStreamApiException {
    Optional<Long> written = put(claim.requestId(), entry, revision);
    written.ifPresent(claim::revision);
    return written.isPresent();
  }

  /**
   * Writes an entry in place of the revision that was read.
   *
   * @return its own revision, or empty where somebody else has written
   */
  Optional<Long> put(String requestId, LedgerEntry entry, long revision)
      throws IOException, JetStreamApiException {
    return bucket.update(requestId, entry.encode(codec), revision);
  }

  /** The entry of a request; absent where it never had one, or it has expired. */
  Optional<Found> read(String requestId) throws IOException, JetStreamApiException {
    return bucket
        .get(requestId)
        .map(found -> new Found(LedgerEntry.decode(codec, found.value()), found.revision()));
  }

  /** The recorded answer of a request, where it has one. */
  public Optional<Map<String, Object>> answer(String requestId)
      throws IOException, JetStreamApiException {
    return read(requestId).map(found -> found.entry().answer()).map(codec::decodeMap);
  }

  /**
   * The requests of a user.
   *
   * @param which is asked about the recorded answer of each, MessagePack, or null where it has none
   */
  public Set<String> requestsOf(String user, Predicate<byte[]> which)
      throws IOException, JetStreamApiException, InterruptedException {
    Set<String> ids = new HashSet<>();
    bucket.read(
        "*",
        (id, value) -> {
          LedgerEntry entry = LedgerEntry.decode(codec, value);
          if (user.equals(entry.userId()) && which.test(entry.answer())) {
            ids.add(id);
          }
        });
    return ids;
  }

  private Found find(String requestId) throws IOException, JetStreamApiException {
    return read(requestId)
        .orElseThrow(
            () -> new IOException("The turn " + requestId + " expired while it was claimed"));
  }
}
