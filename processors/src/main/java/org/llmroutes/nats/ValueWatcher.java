package org.llmroutes.nats;

import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatcher;
import java.util.function.BiConsumer;

/**
 * Hands on keys and values of a watched bucket.
 *
 * @param loaded called once all that was there has been told
 */
record ValueWatcher(BiConsumer<String, byte[]> observer, Runnable loaded)
    implements KeyValueWatcher {

  @Override
  public void watch(KeyValueEntry entry) {
    observer.accept(entry.getKey(), entry.getValue());
  }

  @Override
  public void endOfData() {
    loaded.run();
  }
}
