package org.llmroutes.llm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found out about the models of a service, of those asked last: clients name models as
 * they like, and some servers answer to any name. Safe for concurrent use.
 */
final class KnownModels {
  private static final Logger LOG = LoggerFactory.getLogger(KnownModels.class);
  private static final int MOST = 64;

  private final Map<String, ModelQuirks> known =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ModelQuirks> eldest) {
          return size() > MOST;
        }
      };

  synchronized ModelQuirks of(String model) {
    return known.getOrDefault(model, ModelQuirks.NONE);
  }

  /** Keeps what an answer has shown. */
  synchronized void keep(String model, ModelQuirks found) {
    ModelQuirks before = of(model);
    known.put(model, found);
    if (!found.asksAs(before)) {
      LOG.info("The model {} is asked in another way from now on: {}", model, found);
    }
  }
}
