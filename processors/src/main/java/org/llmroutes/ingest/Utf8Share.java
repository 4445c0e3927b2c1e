package org.llmroutes.ingest;

/**
 * How much of some bytes is UTF-8.
 *
 * @param sequences characters of more than one byte
 * @param wrongBytes those that belong to no character
 * @param beyondAscii the share of bytes above 127, from 0 to 1
 */
record Utf8Share(int sequences, int wrongBytes, double beyondAscii) {

  static Utf8Share of(byte[] content) {
    int sequences = 0;
    int wrong = 0;
    int high = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] < 0) {
        int length = sequence(content, i);
        sequences += length > 0 ? 1 : 0;
        wrong += length > 0 ? 0 : 1;
        high += Math.max(1, length);
        i += Math.max(0, length - 1);
      }
    }
    return new Utf8Share(sequences, wrong, high / (double) Math.max(1, content.length));
  }

  /** The length of the character that begins here, 0 where none does. */
  private static int sequence(byte[] content, int from) {
    int first = content[from] & 0xff;
    int length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 0;
    length = first >= 0xf0 && first < 0xf5 ? 4 : length;
    if (length == 0 || from + length > content.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((content[from + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
