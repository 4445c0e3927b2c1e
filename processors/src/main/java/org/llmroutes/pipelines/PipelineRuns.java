package org.llmroutes.pipelines;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.msgpack.MsgpackLimits;
import org.llmroutes.nats.Bucket;
import org.llmroutes.nats.BucketWatch;
import org.llmroutes.turn.Cancel;

/**
 * The durable state of the bridge, the JetStream key-value bucket {@code pipeline-runs}: one entry
 * {@code run.{request_id}} a request, one {@code lease.{pipeline}} a pipeline, and the known
 * catalogues, written with compare and set. Safe for concurrent use.
 */
public final class PipelineRuns {
  private static final String BUCKET = "pipeline-runs";

  /** An entry holds a trigger's parameters two levels down. */
  private static final MsgpackLimits LIMITS = roomier(MsgpackLimits.DEFAULT);

  private final MsgpackCodec codec = new MsgpackCodec(LIMITS);
  private final RunEntryCodec entries = new RunEntryCodec(codec);
  private final Connection connection;
  private final Bucket bucket;

  /** An entry as it was read or written. */
  record Found(RunEntry entry, long revision) {}

  public PipelineRuns(Connection connection) {
    this.connection = connection;
    this.bucket = new Bucket(connection, BUCKET);
  }

  private static MsgpackLimits roomier(MsgpackLimits limits) {
    return new MsgpackLimits(
        2 * limits.bytes(),
        limits.depth() + 2,
        limits.elements(),
        2 * limits.totalElements(),
        limits.stringBytes(),
        limits.binaryBytes());
  }

  KnownCatalogues catalogues() {
    return new KnownCatalogues(bucket, codec);
  }

  Lease lease(String pipeline, LeaseTerms terms) {
    return new Lease(bucket, codec, "lease." + pipeline, terms);
  }

  Optional<Found> find(String requestId) throws IOException, JetStreamApiException {
    return bucket
        .get(key(requestId))
        .map(found -> new Found(entries.decode(found.value()), found.revision()));
  }

  /** Writes the first entry of a request; empty where it has one. */
  Optional<Found> create(RunEntry entry) throws IOException, JetStreamApiException {
    return bucket
        .create(key(entry.trigger().requestId()), entries.encode(entry))
        .map(revision -> new Found(entry, revision));
  }

  /** Replaces an entry; empty where somebody else has. */
  Optional<Found> update(Found before, RunEntry after) throws IOException, JetStreamApiException {
    return bucket
        .update(key(after.trigger().requestId()), entries.encode(after), before.revision())
        .map(revision -> new Found(after, revision));
  }

  /** Forgets a request; false where somebody else has written. */
  boolean forget(Found found) throws IOException, JetStreamApiException {
    return bucket.delete(key(found.entry().trigger().requestId()), found.revision());
  }

  /** Notes that a run is to be stopped; nothing where there is none, or it has ended. */
  void cancel(Cancel cancel) throws IOException, JetStreamApiException {
    Optional<Found> found = find(cancel.requestId());
    while (found.isPresent()
        && cancel.concerns(found.get().entry().trigger().userId())
        && found.get().entry().stop() == Stop.NONE
        && !found.get().entry().status().status().isFinal()
        && update(found.get(), found.get().entry().stopping(Stop.CANCELLED)).isEmpty()) {
      found = find(cancel.requestId());
    }
  }

  /**
   * Tells of every entry that there is, and then of every change, while it runs.
   *
   * @param loaded called whenever all that was there has been told
   */
  Runnable watch(Consumer<RunEntry> observer, Runnable loaded) {
    return new BucketWatch(
        connection,
        BUCKET,
        key("*"),
        (key, value) -> Optional.ofNullable(value).map(entries::decode).ifPresent(observer),
        loaded);
  }

  /** The last status of a request as clients get it, told or not; empty where it is unknown. */
  public Optional<Map<String, Object>> status(String requestId)
      throws IOException, JetStreamApiException {
    return find(requestId).map(found -> StatusMessage.of(found.entry()));
  }

  /**
   * The last status of each run that is open, and of those that changed last among the others.
   *
   * @param limit of the others
   * @return as clients get them, what changed last at the end
   */
  public List<Map<String, Object>> newest(int limit)
      throws IOException, JetStreamApiException, InterruptedException {
    NewestRuns newest = new NewestRuns(entries, limit);
    bucket.read(key("*"), (key, value) -> newest.accept(value));
    return newest.list();
  }

  private static String key(String requestId) {
    return "run." + requestId;
  }
}
