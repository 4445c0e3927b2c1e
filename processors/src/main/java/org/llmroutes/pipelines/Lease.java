package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.Bucket;

/**
 * The right to start and follow the runs of one pipeline, held by one instance at a time, together
 * with the slots that running ones take. Every write is a compare and set of the one entry, so that
 * an instance that has lost the lease can take no slot. Whether a holder is gone is judged by the
 * local monotonic clock, from when its last renewal was seen: clocks of machines need not agree.
 * {@link #hold} is called again and again, by one thread; {@link #isHeld} by any.
 */
final class Lease {
  private static final String NOBODY = "";

  private final Bucket bucket;
  private final MsgpackCodec codec;
  private final String key;
  private final LeaseTerms terms;
  private Map<String, Instant> slots = Map.of();
  private long revision;
  private long seenAt;
  private boolean mine;
  private volatile long heldUntil = System.nanoTime();

  Lease(Bucket bucket, MsgpackCodec codec, String key, LeaseTerms terms) {
    this.bucket = bucket;
    this.codec = codec;
    this.key = key;
    this.terms = terms;
  }

  /** Takes or renews the lease; whether it is held now. */
  boolean hold() throws IOException, JetStreamApiException {
    if (mine && heldUntil - System.nanoTime() > terms.duration().toNanos() * 2 / 3) {
      return true;
    }
    if (!mine || !write(terms.holder(), slots)) {
      mine = take();
    }
    return mine;
  }

  /** Whether nobody else can have taken the lease. */
  boolean isHeld() {
    return heldUntil - System.nanoTime() > 0;
  }

  /** When each run took its slot, by request id; valid while the lease is held. */
  Map<String, Instant> slots() {
    return slots;
  }

  /** Replaces the slots; false where the lease is lost, and nothing is written. */
  boolean assign(Map<String, Instant> next) throws IOException, JetStreamApiException {
    mine = write(terms.holder(), next);
    return mine;
  }

  /** Lets somebody else take it at once. */
  void release() throws IOException, JetStreamApiException {
    if (mine) {
      mine = false;
      write(NOBODY, slots);
      heldUntil = System.nanoTime();
    }
  }

  private boolean take() throws IOException, JetStreamApiException {
    Optional<Bucket.Entry> found = bucket.get(key);
    if (found.isEmpty()) {
      revision = 0;
      return write(terms.holder(), Map.of());
    }
    long now = System.nanoTime();
    if (found.get().revision() != revision) {
      revision = found.get().revision();
      seenAt = now;
    }
    Map<String, Object> content = codec.decodeMap(found.get().value());
    Object holder = content.get("holder");
    boolean free =
        NOBODY.equals(holder)
            || terms.holder().equals(holder)
            || now - seenAt > terms.duration().toNanos();
    return free && write(terms.holder(), slots(content));
  }

  private boolean write(String holder, Map<String, Instant> next)
      throws IOException, JetStreamApiException {
    long before = System.nanoTime();
    byte[] content = codec.encode(Map.of("holder", holder, "slots", next));
    Optional<Long> written =
        revision == 0 ? bucket.create(key, content) : bucket.update(key, content, revision);
    if (written.isPresent()) {
      revision = written.get();
      slots = next;
      heldUntil = before + terms.duration().toNanos();
    } else {
      heldUntil = before;
    }
    return written.isPresent();
  }

  private static Map<String, Instant> slots(Map<String, Object> content) {
    Map<String, Instant> slots = new LinkedHashMap<>();
    ((Map<?, ?>) content.get("slots")).forEach((id, at) -> slots.put((String) id, (Instant) at));
    return slots;
  }
}
