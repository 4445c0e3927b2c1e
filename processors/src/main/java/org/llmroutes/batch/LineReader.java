package org.llmroutes.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file line by line, and of a line no more than {@link #MAX_BYTES}. */
final class LineReader implements Closeable {
  static final int MAX_BYTES = 4 << 20;

  private final InputStream in;
  private long number;

  /**
   * A line.
   *
   * @param number from 1
   * @param content without the line feed
   * @param tooLong whether there was more of it
   * @param ended whether a line feed followed; only the last line of a file may have none
   */
  record Line(long number, byte[] content, boolean tooLong, boolean ended) {
    boolean isBlank() {
      for (byte b : content) {
        if (b < 0 || b > ' ') {
          return false;
        }
      }
      return true;
    }
  }

  LineReader(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  static LineReader of(Path file) throws IOException {
    return new LineReader(Files.newInputStream(file));
  }

  /** The next line, or null at the end of the file. */
  Line next() throws IOException {
    int next = in.read();
    if (next < 0) {
      return null;
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream(512);
    boolean tooLong = false;
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (content.size() < MAX_BYTES) {
        content.write(next);
      } else {
        tooLong = true;
      }
    }
    return new Line(++number, content.toByteArray(), tooLong, next == '\n');
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
