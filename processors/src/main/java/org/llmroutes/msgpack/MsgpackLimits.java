package org.llmroutes.msgpack;

/**
 * What a decoded message may be at most; they hold for the whole payload, ignored fields too.
 *
 * @param bytes of the payload
 * @param depth of nested maps and arrays, the outermost counted
 * @param elements of one map or array
 * @param totalElements of all maps and arrays together
 * @param stringBytes of one string, in UTF-8
 * @param binaryBytes of one {@code bin}
 */
public record MsgpackLimits(
    int bytes, int depth, int elements, int totalElements, int stringBytes, int binaryBytes) {

  /** Enough for every message of the contract, audio included. */
  public static final MsgpackLimits DEFAULT =
      new MsgpackLimits(8 << 20, 16, 16_384, 65_536, 1 << 20, 8 << 20);
}
