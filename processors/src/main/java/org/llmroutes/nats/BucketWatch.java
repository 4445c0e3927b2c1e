package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the newest entry of every key of a bucket that matches, and of each one to come, until
 * its thread is interrupted. It waits for a bucket that is not there yet. After the connection was
 * lost it begins again, with every key: the client library would notice only after many seconds
 * that the server has forgotten the watch.
 */
public final class BucketWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(BucketWatch.class);
  private static final long RETRY_MILLIS = 1000;

  private final Connection connection;
  private final String bucket;
  private final String keys;
  private final KeyValueWatcher watcher;
  private final Semaphore wanted = new Semaphore(1);

  /**
   * @param observer of keys and values; a value is null where the entry was deleted
   * @param loaded called whenever all that was there has been told
   */
  public BucketWatch(
      Connection connection,
      String bucket,
      String keys,
      BiConsumer<String, byte[]> observer,
      Runnable loaded) {
    this.connection = connection;
    this.bucket = bucket;
    this.keys = keys;
    this.watcher = new ValueWatcher(observer, loaded);
  }

  @Override
  public void run() {
    ConnectionListener again =
        (changed, event) -> {
          if (event == ConnectionListener.Events.RESUBSCRIBED) {
            wanted.release();
          }
        };
    connection.addConnectionListener(again);
    NatsKeyValueWatchSubscription watch = null;
    try {
      while (true) {
        wanted.acquire();
        wanted.drainPermits();
        end(watch);
        watch = begin();
      }
    } catch (InterruptedException e) {
      end(watch);
      Thread.currentThread().interrupt();
    } finally {
      connection.removeConnectionListener(again);
    }
  }

  private NatsKeyValueWatchSubscription begin() throws InterruptedException {
    while (true) {
      try {
        return connection.keyValue(bucket).watch(keys, watcher);
      } catch (IOException | JetStreamApiException | RuntimeException e) {
        LOG.debug("The bucket {} cannot be watched yet", bucket, e);
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  private static void end(NatsKeyValueWatchSubscription watch) {
    try {
      if (watch != null) {
        watch.unsubscribe();
      }
    } catch (RuntimeException e) {
      LOG.debug("The connection is closed", e);
    }
  }
}
