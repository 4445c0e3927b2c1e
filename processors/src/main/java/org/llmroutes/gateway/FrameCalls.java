package org.llmroutes.gateway;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The calls that come as frames of a WebSocket too, by their type. Safe for concurrent use. */
final class FrameCalls {
  private final ConcurrentMap<String, HttpTurnsConsumer> calls = new ConcurrentHashMap<>();

  /**
   * @throws IllegalStateException where another call has this type
   */
  void add(String type, HttpTurnsConsumer call) {
    if (calls.putIfAbsent(type, call) != null) {
      throw new IllegalStateException("Two calls have frame=" + type);
    }
  }

  void remove(String type, HttpTurnsConsumer call) {
    calls.remove(type, call);
  }

  /**
   * @param type as a frame has it, whatever it is
   */
  Optional<HttpTurnsConsumer> of(Object type) {
    return type instanceof String name ? Optional.ofNullable(calls.get(name)) : Optional.empty();
  }

  Set<String> types() {
    return new TreeSet<>(calls.keySet());
  }
}
