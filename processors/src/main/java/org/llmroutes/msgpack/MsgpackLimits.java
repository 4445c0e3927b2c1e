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

  /** The largest message that streams and servers are set up for. */
  private static final int LARGEST = 8 << 20;

  /** Enough for every message of the contract, however long its text and its audio are. */
  public static final MsgpackLimits DEFAULT =
      new MsgpackLimits(LARGEST, 16, 16_384, 65_536, LARGEST, LARGEST);
}
