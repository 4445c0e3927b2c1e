package org.llmroutes.tests;

import io.nats.client.Connection;
import io.nats.client.api.KeyValueEntry;
import java.util.Map;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** What the bucket {@code turns} says of requests. */
record Ledger(Connection nats) {

  /** How often work on a request was begun. */
  int begun(String requestId) {
    return entry(requestId)
        .getOrDefault(key("begun"), ValueFactory.newInteger(0))
        .asIntegerValue()
        .asInt();
  }

  /** Whether the answer of a request is recorded. */
  boolean answered(String requestId) {
    return !entry(requestId).getOrDefault(key("answer"), ValueFactory.newNil()).isNilValue();
  }

  private Map<Value, Value> entry(String requestId) {
    try {
      KeyValueEntry found = nats.keyValue("turns").get(requestId);
      return found == null
          ? Map.of()
          : MessagePack.newDefaultUnpacker(found.getValue()).unpackValue().asMapValue().map();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Value key(String name) {
    return ValueFactory.newString(name);
  }
}
