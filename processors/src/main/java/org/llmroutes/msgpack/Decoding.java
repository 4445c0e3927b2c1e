package org.llmroutes.msgpack;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageSizeException;
import org.msgpack.core.MessageUnpacker;

/**
 * One payload being decoded; every declared length is checked before anything of that length is
 * made.
 */
final class Decoding {
  private static final byte TIMESTAMP = -1;
  private static final MessagePack.UnpackerConfig STRICT =
      new MessagePack.UnpackerConfig()
          .withActionOnMalformedString(CodingErrorAction.REPORT)
          .withActionOnUnmappableString(CodingErrorAction.REPORT);

  private final MessageUnpacker unpacker;
  private final int size;
  private final MsgpackLimits limits;
  private int total;

  Decoding(byte[] payload, MsgpackLimits limits) {
    this.unpacker = STRICT.newUnpacker(payload);
    this.size = payload.length;
    this.limits = limits;
  }

  Object decode() {
    try {
      Object value = value(1);
      if (unpacker.getTotalReadBytes() != size) {
        requireNoJson(value);
        throw invalid(
            "There are "
                + (size - unpacker.getTotalReadBytes())
                + " bytes after the MessagePack value");
      }
      return value;
    } catch (MessageSizeException e) {
      throw invalid("There is a length over 2147483647");
    } catch (MessagePackException
        | IOException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException e) {
      throw new TurnException(
          ErrorCode.INVALID_MESSAGE,
          "Not valid MessagePack near byte " + unpacker.getTotalReadBytes(),
          e);
    }
  }

  private Object value(int depth) throws IOException {
    if (!unpacker.hasNext()) {
      throw invalid("The message ends before its value");
    }
    MessageFormat format = unpacker.getNextFormat();
    return switch (format.getValueType()) {
      case NIL -> {
        unpacker.unpackNil();
        yield null;
      }
      case BOOLEAN -> unpacker.unpackBoolean();
      case INTEGER -> integer(format);
      case FLOAT -> unpacker.unpackDouble();
      case STRING -> text();
      case BINARY ->
          unpacker.readPayload(
              length("A bin", unpacker.unpackBinaryHeader(), limits.binaryBytes()));
      case ARRAY -> array(depth);
      case MAP -> map(depth);
      case EXTENSION -> timestamp();
    };
  }

  private Object integer(MessageFormat format) throws IOException {
    if (format != MessageFormat.UINT64) {
      return unpacker.unpackLong();
    }
    BigInteger big = unpacker.unpackBigInteger();
    return big.bitLength() < Long.SIZE ? (Object) big.longValue() : big;
  }

  private String text() throws IOException {
    int length = length("A string", unpacker.unpackRawStringHeader(), limits.stringBytes());
    byte[] utf8 = unpacker.readPayload(length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(utf8))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(
          "A string near byte "
              + unpacker.getTotalReadBytes()
              + " is not UTF-8; bytes are sent as bin");
    }
  }

  private List<Object> array(int depth) throws IOException {
    int length = nested("An array", unpacker.unpackArrayHeader(), 1, depth);
    List<Object> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add(value(depth + 1));
    }
    return list;
  }

  private Map<String, Object> map(int depth) throws IOException {
    int length = nested("A map", unpacker.unpackMapHeader(), 2, depth);
    Map<String, Object> map = new LinkedHashMap<>(length * 2);
    for (int i = 0; i < length; i++) {
      if (!unpacker.hasNext() || !unpacker.getNextFormat().getValueType().isStringType()) {
        throw invalid("A map key is not a string" + (isBinary() ? " but of the type bin" : ""));
      }
      String key = text();
      if (map.containsKey(key)) {
        throw invalid("A map key stands twice");
      }
      map.put(key, value(depth + 1));
    }
    return map;
  }

  private Instant timestamp() throws IOException {
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    if (header.getType() != TIMESTAMP) {
      throw invalid("Extension type " + header.getType() + " is not known");
    }
    length("A timestamp", header.getLength(), 12);
    return unpacker.unpackTimestamp(header);
  }

  /** The first byte of a JSON object or array is a whole number in MessagePack. */
  private static void requireNoJson(Object value) {
    if (Long.valueOf('{').equals(value) || Long.valueOf('[').equals(value)) {
      throw invalid("The message is JSON; it must be a MessagePack map");
    }
  }

  private boolean isBinary() throws IOException {
    return unpacker.hasNext() && unpacker.getNextFormat().getValueType().isBinaryType();
  }

  private int nested(String what, int length, int bytesEach, int depth) {
    if (depth > limits.depth()) {
      throw invalid("Nested deeper than " + limits.depth());
    } else if (length > limits.elements()) {
      throw invalid(what + " has " + length + " elements, more than " + limits.elements());
    }
    total += length;
    if (total > limits.totalElements()) {
      throw invalid(
          "All maps and arrays together have more than " + limits.totalElements() + " elements");
    }
    requireBytes(what, (long) length * bytesEach);
    return length;
  }

  private int length(String what, int length, int limit) {
    if (length > limit) {
      throw invalid(what + " has " + length + " bytes, more than " + limit);
    }
    requireBytes(what, length);
    return length;
  }

  private void requireBytes(String what, long wanted) {
    if (wanted > size - unpacker.getTotalReadBytes()) {
      throw invalid(what + " is longer than the message");
    }
  }

  private static TurnException invalid(String message) {
    return new TurnException(ErrorCode.INVALID_MESSAGE, message);
  }
}
