package org.llmroutes.ingest;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The encodings that bytes show by themselves: by a mark, or UTF-16 by where its zeros stand. */
final class ByteOrder {
  /** The longer mark of UTF-32 comes before the one of UTF-16 that it begins with. */
  private static final Map<byte[], Charset> MARKS = new LinkedHashMap<>();

  static {
    MARKS.put(bytes(0xef, 0xbb, 0xbf), StandardCharsets.UTF_8);
    MARKS.put(bytes(0xff, 0xfe, 0, 0), Charset.forName("UTF-32LE"));
    MARKS.put(bytes(0, 0, 0xfe, 0xff), Charset.forName("UTF-32BE"));
    MARKS.put(bytes(0xff, 0xfe), StandardCharsets.UTF_16LE);
    MARKS.put(bytes(0xfe, 0xff), StandardCharsets.UTF_16BE);
  }

  private ByteOrder() {}

  static Optional<Charset> of(byte[] content) {
    Optional<Charset> marked =
        MARKS.entrySet().stream()
            .filter(mark -> startsWith(content, mark.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    return marked.isPresent() ? marked : unmarked(content);
  }

  /**
   * UTF-16 without a mark has zeros only in the high bytes: those of spaces, digits and line ends
   * in any script. A tenth of the characters is more than chance leaves.
   */
  private static Optional<Charset> unmarked(byte[] content) {
    int[] zeros = new int[2];
    for (int i = 0; i < content.length; i++) {
      zeros[i % 2] += content[i] == 0 ? 1 : 0;
    }
    int characters = content.length / 2;
    if (content.length % 2 != 0 || zeros[0] + zeros[1] < Math.max(1, characters / 10)) {
      return Optional.empty();
    } else if (zeros[0] == 0) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return zeros[1] == 0 ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
  }

  private static boolean startsWith(byte[] content, byte[] mark) {
    return content.length >= mark.length
        && Arrays.equals(content, 0, mark.length, mark, 0, mark.length);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
