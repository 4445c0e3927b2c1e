package org.llmroutes.openai;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.llmroutes.errors.TurnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which models are collections. Milvus is asked once a while for each name, and never for one that
 * no collection can have, as those of most LLMs are. While it is away, what it last said holds, and
 * of what it never spoke of only the contract's default collection is one. Safe for concurrent use.
 */
final class CollectionModels {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionModels.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final String DEFAULT = "documents";
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int MOST = 1024;

  private final Predicate<String> exists;
  private final LongSupplier clock;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  private record Known(boolean collection, long since) {}

  /**
   * @param exists asks Milvus for a collection
   * @param clock in nanoseconds
   */
  CollectionModels(Predicate<String> exists, LongSupplier clock) {
    this.exists = exists;
    this.clock = clock;
  }

  boolean contains(String model) {
    if (!NAME.matcher(model).matches()) {
      return false;
    }
    Known last;
    synchronized (known) {
      last = known.get(model);
    }
    return last != null && clock.getAsLong() - last.since() < FRESH_NANOS
        ? last.collection()
        : ask(model, last);
  }

  private boolean ask(String model, Known last) {
    boolean collection;
    try {
      collection = exists.test(model);
    } catch (TurnException e) {
      collection = last == null ? DEFAULT.equals(model) : last.collection();
      LOG.warn(
          "Model {} is taken for {}: {}",
          model,
          collection ? "a collection" : "the LLM's",
          e.getMessage());
    }
    synchronized (known) {
      known.put(model, new Known(collection, clock.getAsLong()));
    }
    return collection;
  }
}
