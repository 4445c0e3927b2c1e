package org.llmroutes.msgpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads a few scalar fields of a payload that cannot be decoded as a whole, because a bound is
 * broken or the end is missing, so that its sender can be told.
 */
public final class TopLevelFields {
  /** Names and ids are short; a longer text is none of the wanted. */
  private static final int MAX_TEXT = 1024;

  private TopLevelFields() {}

  /**
   * @param wanted names of fields
   * @return those of the wanted fields that are texts or booleans and stand before what cannot be
   *     read; empty where the payload is no map
   */
  public static Map<String, Object> read(byte[] payload, Set<String> wanted) {
    Map<String, Object> found = new HashMap<>();
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(payload)) {
      for (int left = unpacker.unpackMapHeader(); left > 0; left--) {
        Object key = scalar(unpacker);
        Object value = scalar(unpacker);
        if (key instanceof String name && wanted.contains(name) && value != null) {
          found.putIfAbsent(name, value);
        }
      }
    } catch (IOException | RuntimeException e) {
      // what came before is what can be said
      return found;
    }
    return found;
  }

  private static Object scalar(MessageUnpacker unpacker) throws IOException {
    ValueType type = unpacker.getNextFormat().getValueType();
    if (type == ValueType.BOOLEAN) {
      return unpacker.unpackBoolean();
    } else if (type != ValueType.STRING && type != ValueType.BINARY) {
      unpacker.skipValue();
      return null;
    }
    // a library whose texts are bytes writes them as bin
    int length =
        type == ValueType.STRING ? unpacker.unpackRawStringHeader() : unpacker.unpackBinaryHeader();
    byte[] utf8 = new byte[Math.min(length, MAX_TEXT)];
    unpacker.readPayload(utf8);
    skip(unpacker, length - utf8.length);
    return length > MAX_TEXT ? null : new String(utf8, StandardCharsets.UTF_8);
  }

  private static void skip(MessageUnpacker unpacker, int bytes) throws IOException {
    byte[] sink = new byte[Math.min(bytes, 8192)];
    for (int left = bytes; left > 0; left -= sink.length) {
      unpacker.readPayload(sink, 0, Math.min(left, sink.length));
    }
  }
}
