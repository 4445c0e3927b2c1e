package org.llmroutes.msgpack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** Writes plain Java values as MessagePack. */
final class Encoding {
  /** Most messages fit into this many bytes; the library would take 8 KB for each. */
  private static final int BUFFER_BYTES = 512;

  private static final MessagePack.PackerConfig PACKER =
      new MessagePack.PackerConfig().withBufferSize(BUFFER_BYTES);

  private Encoding() {}

  static byte[] encode(Object value) {
    try (MessageBufferPacker packer = PACKER.newBufferPacker()) {
      write(packer, value);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(MessagePacker packer, Object value) throws IOException {
    if (value == null) {
      packer.packNil();
    } else if (value instanceof CharSequence text) {
      packer.packString(text.toString());
    } else if (value instanceof Map<?, ?> map) {
      packer.packMapHeader(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(packer, entry.getKey());
        write(packer, entry.getValue());
      }
    } else if (value instanceof Collection<?> list) {
      packer.packArrayHeader(list.size());
      for (Object entry : list) {
        write(packer, entry);
      }
    } else if (value instanceof Number number) {
      writeNumber(packer, number);
    } else if (value instanceof Boolean bool) {
      packer.packBoolean(bool);
    } else if (value instanceof byte[] bytes) {
      packer.packBinaryHeader(bytes.length).writePayload(bytes);
    } else if (value instanceof Instant instant) {
      packer.packTimestamp(instant);
    } else {
      throw new IllegalArgumentException(
          "MessagePack has no form for " + value.getClass().getName());
    }
  }

  private static void writeNumber(MessagePacker packer, Number number) throws IOException {
    if (number instanceof Double || number instanceof Float) {
      packer.packDouble(number.doubleValue());
    } else if (number instanceof BigInteger big) {
      packer.packBigInteger(big);
    } else if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      packer.packLong(number.longValue());
    } else {
      throw new IllegalArgumentException(
          "MessagePack has no form for " + number.getClass().getName());
    }
  }
}
