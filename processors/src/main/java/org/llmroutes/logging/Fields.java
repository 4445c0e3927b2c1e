package org.llmroutes.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/** What an event says beside its message: of the context first, such as trace_id, then its own. */
final class Fields {
  private static final int MOST = 32;

  private Fields() {}

  static Map<String, Object> of(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>(event.getMDCPropertyMap());
    List<KeyValuePair> own = Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of());
    own.stream().limit(MOST).forEach(pair -> fields.put(String.valueOf(pair.key), pair.value));
    return fields;
  }

  /** Whatever an object makes of itself. */
  static String text(Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException e) {
      return value.getClass().getName();
    }
  }

  /** Whatever the message and its arguments make together. */
  static String message(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return message == null ? "" : message;
  }
}
