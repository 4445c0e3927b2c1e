package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatchOption;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/**
 * A JetStream key-value bucket. It is looked for with the first call, so that the server may come
 * later. Safe for concurrent use.
 */
public final class Bucket {
  private static final int WRONG_LAST_SEQUENCE = 10071;

  private final Connection connection;
  private final String name;
  private volatile KeyValue opened;

  /** An entry as it was read. */
  public record Entry(byte[] value, long revision) {}

  public Bucket(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  public Optional<Entry> get(String key) throws IOException, JetStreamApiException {
    KeyValueEntry found = asked(() -> bucket().get(key));
    return found == null
        ? Optional.empty()
        : Optional.of(new Entry(found.getValue(), found.getRevision()));
  }

  /**
   * Writes the first entry of a key.
   *
   * @return its revision, or empty where there is an entry
   */
  public Optional<Long> create(String key, byte[] value) throws IOException, JetStreamApiException {
    return written(() -> bucket().create(key, value));
  }

  /**
   * Writes an entry in place of the revision that was read.
   *
   * @return its own revision, or empty where somebody else has written
   */
  public Optional<Long> update(String key, byte[] value, long revision)
      throws IOException, JetStreamApiException {
    return written(() -> bucket().update(key, value, revision));
  }

  /** Writes an entry, whatever was there. */
  public void put(String key, byte[] value) throws IOException, JetStreamApiException {
    asked(() -> bucket().put(key, value));
  }

  /** Removes an entry, whatever was there; watches are told. */
  public void delete(String key) throws IOException, JetStreamApiException {
    asked(
        () -> {
          bucket().delete(key);
          return null;
        });
  }

  /** Removes an entry in the revision that was read; false where somebody else has written. */
  public boolean delete(String key, long revision) throws IOException, JetStreamApiException {
    return written(
            () -> {
              bucket().delete(key, revision);
              return revision;
            })
        .isPresent();
  }

  /** Hands on every key that matches with its newest value, what was written last at the end. */
  public void read(String keys, BiConsumer<String, byte[]> observer)
      throws IOException, JetStreamApiException, InterruptedException {
    CountDownLatch all = new CountDownLatch(1);
    NatsKeyValueWatchSubscription watch =
        bucket()
            .watch(
                keys,
                new ValueWatcher(observer, all::countDown),
                KeyValueWatchOption.IGNORE_DELETE);
    all.await();
    watch.unsubscribe();
  }

  private <T> T asked(OnceMore.Request<T> request) throws IOException, JetStreamApiException {
    return Election.outlast(connection, request);
  }

  private Optional<Long> written(OnceMore.Request<Long> write)
      throws IOException, JetStreamApiException {
    try {
      return Optional.of(asked(write));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private KeyValue bucket() throws IOException {
    if (opened == null) {
      opened = connection.keyValue(name);
    }
    return opened;
  }
}
