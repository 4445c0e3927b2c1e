package org.llmroutes.identity;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.llmroutes.nats.Bucket;
import org.llmroutes.nats.BucketWatch;

/**
 * The JetStream key-value bucket {@code principals}: of each user one entry {@code set.{user}} that
 * an operator wrote and one {@code learnt.{user}} of verified credentials, so that neither
 * overwrites the other. Safe for concurrent use.
 */
public final class Memberships {
  private static final String BUCKET = "principals";

  private final Connection connection;
  private final Bucket bucket;

  /** Who says which groups a user is in. */
  public enum Source {
    /** An operator, by {@code ./dev users set}. */
    SET("set."),
    /** A credential that was verified. */
    LEARNT("learnt.");

    private final String prefix;

    Source(String prefix) {
      this.prefix = prefix;
    }
  }

  public Memberships(Connection connection) {
    this.connection = connection;
    this.bucket = new Bucket(connection, BUCKET);
  }

  Optional<Membership> get(Source source, String userId) throws IOException, JetStreamApiException {
    return bucket.get(source.prefix + userId).flatMap(entry -> Membership.decode(entry.value()));
  }

  /** Writes an entry in place of the one that was there. */
  public void put(Source source, String userId, Membership membership)
      throws IOException, JetStreamApiException {
    bucket.put(source.prefix + userId, membership.encode());
  }

  /** The same for whoever may write such an entry and do nothing else with the bucket. */
  public void publish(Source source, String userId, Membership membership)
      throws IOException, JetStreamApiException {
    connection
        .jetStream()
        .publish("$KV." + BUCKET + "." + source.prefix + userId, membership.encode());
  }

  /**
   * Removes all that is known of a user; every instance is told.
   *
   * @return whether anything was known
   */
  public boolean remove(String userId) throws IOException, JetStreamApiException {
    boolean known = false;
    for (Source source : Source.values()) {
      if (bucket.get(source.prefix + userId).isPresent()) {
        bucket.delete(source.prefix + userId);
        known = true;
      }
    }
    return known;
  }

  /** Every entry of a kind, by user. */
  public Map<String, Membership> all(Source source)
      throws IOException, JetStreamApiException, InterruptedException {
    Map<String, Membership> all = new TreeMap<>();
    bucket.read(
        source.prefix + "*",
        (key, value) -> Membership.decode(value).ifPresent(found -> all.put(userOf(key), found)));
    return all;
  }

  /**
   * Tells of changes, while it runs.
   *
   * @param changed called with a user whose entries may be others now
   * @param begunAnew called where entries may have changed untold
   */
  Runnable watch(Consumer<String> changed, Runnable begunAnew) {
    return new BucketWatch(
        connection, BUCKET, ">", (key, value) -> changed.accept(userOf(key)), begunAnew);
  }

  private static String userOf(String key) {
    return key.substring(key.indexOf('.') + 1);
  }
}
