package org.llmroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of a UTF-8 text as it arrives, ended by LF, CR or both; which of them are here already
 * can be asked without waiting.
 */
final class Lines {
  /** A few events; a fast stream, or a long line, gets more room. */
  private static final int FIRST_BYTES = 2048;

  /** What is taken at once at most. */
  private static final int MOST_BYTES = 8192;

  private final InputStream in;
  private byte[] buffer = new byte[FIRST_BYTES];
  private int start;
  private int end;
  private boolean afterReturn;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The next line without what ends it; null at the end of the text. */
  String next() throws IOException {
    int length = length();
    while (length < 0) {
      if (!fill()) {
        return end > start ? cut(end - start, 0) : null;
      }
      length = length();
    }
    return cut(length, 1);
  }

  /** Whether a whole line that begins so has arrived already, be there others before it. */
  boolean hasArrived(String beginning) throws IOException {
    byte[] wanted = beginning.getBytes(StandardCharsets.US_ASCII);
    while (!holds(wanted)) {
      if (in.available() == 0 || !fill()) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(byte[] wanted) {
    int line = start;
    for (int i = start; i < end; i++) {
      if (buffer[i] == '\n' || buffer[i] == '\r') {
        if (i - line >= wanted.length
            && Arrays.equals(buffer, line, line + wanted.length, wanted, 0, wanted.length)) {
          return true;
        }
        line = i + 1;
      }
    }
    return false;
  }

  private String cut(int length, int ending) {
    String line = new String(buffer, start, length, StandardCharsets.UTF_8);
    start += length;
    afterReturn = ending > 0 && buffer[start] == '\r';
    start += ending;
    return line;
  }

  /** Bytes up to the end of the first line, or -1 where it has not come. */
  private int length() {
    if (afterReturn && start < end) {
      start += buffer[start] == '\n' ? 1 : 0;
      afterReturn = false;
    }
    for (int i = start; i < end; i++) {
      if (buffer[i] == '\n' || buffer[i] == '\r') {
        return i - start;
      }
    }
    return -1;
  }

  /**
   * Waits for more, and takes all that is there; false at the end. A failure behind something is
   * left to the next call.
   */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    int before = end;
    try {
      int read;
      do {
        if (end == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        read = in.read(buffer, end, buffer.length - end);
        end += Math.max(0, read);
      } while (read >= 0 && end < Math.max(buffer.length, MOST_BYTES) && in.available() > 0);
    } catch (IOException e) {
      if (end == before) {
        throw e;
      }
    }
    return end > before;
  }
}
