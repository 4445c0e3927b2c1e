package org.llmroutes.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of a label that somebody else chooses: the first few as they are, all later ones as
 * {@code other}, so that nobody can make ever more series. Safe for concurrent use.
 */
public final class FirstValues {
  private static final String OTHER = "other";
  private static final int LONGEST = 64;

  private final int most;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  public FirstValues(int most) {
    this.most = most;
  }

  /** What stands for a value. */
  public String label(String value) {
    String shown = value.length() <= LONGEST ? value : value.substring(0, LONGEST);
    if (known.contains(shown)) {
      return shown;
    }
    synchronized (known) {
      return known.size() < most && known.add(shown) || known.contains(shown) ? shown : OTHER;
    }
  }
}
