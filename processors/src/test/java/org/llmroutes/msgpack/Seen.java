package org.llmroutes.msgpack;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A decoded value as text that two languages write alike: type, then value, exactly. */
final class Seen {
  private Seen() {}

  static String of(Object value) {
    if (value == null) {
      return "nil";
    } else if (value instanceof Boolean) {
      return value.toString();
    } else if (value instanceof Double number) {
      return "f" + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(number));
    } else if (value instanceof Number) {
      return "i" + value;
    } else if (value instanceof String text) {
      return "s" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      return "b" + HexFormat.of().formatHex(bytes);
    } else if (value instanceof Instant instant) {
      return "t" + instant.getEpochSecond() + "." + instant.getNano();
    } else if (value instanceof List<?> list) {
      return list.stream().map(Seen::of).collect(Collectors.joining(",", "[", "]"));
    }
    return ((Map<?, ?>) value)
        .entrySet().stream()
            .map(entry -> of(entry.getKey()) + ":" + of(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }
}
