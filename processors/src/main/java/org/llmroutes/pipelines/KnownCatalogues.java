package org.llmroutes.pipelines;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.Bucket;

/**
 * Which catalogues instances were started with lately, by their fingerprints, so that while a new
 * one is rolled out nobody refuses for all what another instance may know.
 */
final class KnownCatalogues {
  private static final String KEY = "catalogues";
  private static final Duration LATELY = Duration.ofHours(1);

  private final Bucket bucket;
  private final MsgpackCodec codec;

  KnownCatalogues(Bucket bucket, MsgpackCodec codec) {
    this.bucket = bucket;
    this.codec = codec;
  }

  /** Says that an instance with this one has started. */
  void add(String fingerprint) throws IOException, JetStreamApiException {
    Optional<Long> written = Optional.empty();
    while (written.isEmpty()) {
      Optional<Bucket.Entry> found = bucket.get(KEY);
      Map<String, Object> known = found.map(this::known).orElseGet(LinkedHashMap::new);
      known.put(fingerprint, Instant.now());
      byte[] content = codec.encode(known);
      written =
          found.isEmpty()
              ? bucket.create(KEY, content)
              : bucket.update(KEY, content, found.get().revision());
    }
  }

  /** Whether an instance has started lately with another one than this. */
  boolean hasOtherThan(String fingerprint) throws IOException, JetStreamApiException {
    return bucket.get(KEY).map(this::known).orElseGet(Map::of).keySet().stream()
        .anyMatch(known -> !known.equals(fingerprint));
  }

  private Map<String, Object> known(Bucket.Entry entry) {
    Map<String, Object> known = codec.decodeMap(entry.value());
    Instant oldest = Instant.now().minus(LATELY);
    known.values().removeIf(started -> ((Instant) started).isBefore(oldest));
    return known;
  }
}
