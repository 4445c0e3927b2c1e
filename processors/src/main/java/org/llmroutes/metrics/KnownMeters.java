package org.llmroutes.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.llmroutes.aside.Aside;

/** Meters by what they measure, made with the first use; what is done aside has others. */
public final class KnownMeters<K, M> {
  private final Map<K, M> shown = new ConcurrentHashMap<>();
  private final Map<K, M> aside = new ConcurrentHashMap<>();

  public M of(K measured, Function<K, M> make) {
    Map<K, M> known = Aside.now() ? aside : shown;
    M meters = known.get(measured);
    return meters == null ? known.computeIfAbsent(measured, make) : meters;
  }
}
