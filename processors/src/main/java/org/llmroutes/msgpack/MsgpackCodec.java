package org.llmroutes.msgpack;

import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * MessagePack to plain Java values and back: maps with string keys, lists, {@code String}, {@code
 * Long} ({@code BigInteger} above 63 bits), {@code Double}, {@code Boolean}, null, {@code byte[]}
 * for {@code bin} and {@code Instant} for timestamps. Safe for concurrent use.
 *
 * @see <a href="https://github.com/msgpack/msgpack/blob/master/spec.md">MessagePack
 *     specification</a>
 */
public final class MsgpackCodec {
  private final MsgpackLimits limits;

  public MsgpackCodec() {
    this(MsgpackLimits.DEFAULT);
  }

  public MsgpackCodec(MsgpackLimits limits) {
    this.limits = limits;
  }

  /**
   * Decodes exactly one value.
   *
   * @throws TurnException {@code too_large} over the size limit, {@code invalid_message} for
   *     whatever else is wrong
   */
  public Object decode(byte[] payload) {
    if (payload.length > limits.bytes()) {
      throw new TurnException(
          ErrorCode.TOO_LARGE,
          "The message has " + payload.length + " bytes, more than " + limits.bytes());
    }
    return new Decoding(payload, limits).decode();
  }

  /** Decodes a payload that is a map, as every message of the contract is. */
  @SuppressWarnings("unchecked") // decoded maps have string keys only
  public Map<String, Object> decodeMap(byte[] payload) {
    if (decode(payload) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new TurnException(ErrorCode.INVALID_MESSAGE, "The message must be a MessagePack map");
  }

  /**
   * Encodes maps, iterables, strings, numbers, booleans, null, {@code byte[]} and {@code Instant}.
   *
   * @throws IllegalArgumentException for a value of another type
   */
  public byte[] encode(Object value) {
    return Encoding.encode(value);
  }
}
