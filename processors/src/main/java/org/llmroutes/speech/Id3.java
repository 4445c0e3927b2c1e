package org.llmroutes.speech;

/**
 * The tags that stand before and after the sound of a file, pictures and all.
 *
 * @see <a href="https://id3.org/id3v2.4.0-structure">ID3v2</a>
 */
final class Id3 {
  private static final int HEADER = 10;
  private static final int FOOTER_PRESENT = 0x10;
  private static final int VERSION_1 = 128;

  private Id3() {}

  /** Where the tags at the beginning end; 0 where there are none. */
  static int end(byte[] file) {
    int end = 0;
    while (end + HEADER <= file.length && AudioSniffer.has(file, end, "ID3")) {
      int size = 0;
      for (int i = 6; i < HEADER; i++) {
        size = size << 7 | file[end + i] & 0x7f;
      }
      boolean footer = (file[end + 5] & FOOTER_PRESENT) != 0;
      long next = (long) end + HEADER + size + (footer ? HEADER : 0);
      if (next >= file.length) {
        // a size that cannot be right; what follows the header is looked at
        return end + HEADER;
      }
      end = (int) next;
    }
    return end;
  }

  /** Where the sound ends and an ID3v1 tag may begin. */
  static int endOfSound(byte[] file) {
    int tag = file.length - VERSION_1;
    return tag >= 0 && AudioSniffer.has(file, tag, "TAG") ? tag : file.length;
  }
}
