package org.llmroutes.tests;

import java.util.List;
import java.util.Map;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** Plain Java values as the MessagePack library's own. */
final class Values {
  private Values() {}

  static Value of(Object value) {
    if (value == null) {
      return ValueFactory.newNil();
    } else if (value instanceof Map<?, ?> map) {
      ValueFactory.MapBuilder builder = ValueFactory.newMapBuilder();
      map.forEach((key, entry) -> builder.put(of(key), of(entry)));
      return builder.build();
    } else if (value instanceof List<?> list) {
      return ValueFactory.newArray(list.stream().map(Values::of).toList());
    } else if (value instanceof Boolean bool) {
      return ValueFactory.newBoolean(bool);
    } else if (value instanceof Double number) {
      return ValueFactory.newFloat(number);
    } else if (value instanceof Number number) {
      return ValueFactory.newInteger(number.longValue());
    } else if (value instanceof byte[] bytes) {
      return ValueFactory.newBinary(bytes);
    }
    return ValueFactory.newString((String) value);
  }
}
