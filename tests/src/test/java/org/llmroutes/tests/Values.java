package org.llmroutes.tests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** Plain Java values as the MessagePack library's own, and back. */
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

  static Object plain(Value value) {
    if (value.isMapValue()) {
      Map<String, Object> map = new LinkedHashMap<>();
      value.asMapValue().map().forEach((k, v) -> map.put(k.asStringValue().asString(), plain(v)));
      return map;
    } else if (value.isArrayValue()) {
      return value.asArrayValue().list().stream().map(Values::plain).toList();
    } else if (value.isBooleanValue()) {
      return value.asBooleanValue().getBoolean();
    } else if (value.isFloatValue()) {
      return value.asFloatValue().toDouble();
    } else if (value.isIntegerValue()) {
      return value.asIntegerValue().isInIntRange()
          ? (Object) value.asIntegerValue().toInt()
          : value.asIntegerValue().toLong();
    } else if (value.isBinaryValue()) {
      return value.asBinaryValue().asByteArray();
    }
    return value.isNilValue() ? null : value.asStringValue().asString();
  }
}
