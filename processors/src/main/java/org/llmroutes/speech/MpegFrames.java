package org.llmroutes.speech;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A run of MPEG audio frames (layers I to III, MPEG 1, 2 and 2.5) or of ADTS frames with AAC.
 *
 * @param format MP3 or AAC
 * @param start of the first frame in the file
 * @see <a href="http://www.mp3-tech.org/programmer/frame_header.html">MPEG audio frame header</a>
 */
record MpegFrames(AudioFormat format, int start) {
  /** Recorders and taggers leave zeros and worse before the first frame, but not more than this. */
  private static final int SEARCHED = 64 * 1024;

  /** So many frames in a row are no accident. */
  private static final int ENOUGH = 3;

  private static final int HEADER = 4;
  private static final int ADTS_HEADER = 7;
  private static final int[] RATES = {44_100, 48_000, 32_000};

  /**
   * Kilobits a second by index 1 to 14: MPEG 1 layers I, II, III, then MPEG 2 layers I, II and III.
   */
  private static final int[][] BITRATES = {
    {32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
    {32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
  };

  /** The first run of frames from a place on, whatever stands before it. */
  static Optional<MpegFrames> find(byte[] file, int from) {
    int last = Math.min(file.length - HEADER, from + SEARCHED);
    for (int at = from; at <= last; at++) {
      if ((file[at] & 0xff) == 0xff && isRun(file, at, at == from)) {
        return Optional.of(
            new MpegFrames(isAdts(file, at) ? AudioFormat.AAC : AudioFormat.MP3, at));
      }
    }
    return Optional.empty();
  }

  /**
   * The frames of an MP3 file without its tags and without the frame that tells how many there are,
   * so that files can be put one after the other.
   */
  static byte[] of(byte[] file) {
    Optional<MpegFrames> found = find(file, Id3.end(file));
    if (found.isEmpty()) {
      return file;
    }
    int start = found.get().start();
    int next = next(file, start, start);
    String head =
        new String(file, start, Math.min(next, file.length) - start, StandardCharsets.ISO_8859_1);
    boolean counts = head.contains("Xing") || head.contains("Info") || head.contains("VBRI");
    return Arrays.copyOfRange(
        file, counts && next < file.length ? next : start, Id3.endOfSound(file));
  }

  private static boolean isRun(byte[] file, int start, boolean whereExpected) {
    int frames = 0;
    int at = start;
    while (frames < ENOUGH && at <= file.length - HEADER && isAlike(file, start, at)) {
      at = next(file, start, at);
      frames++;
    }
    // a short file is taken for one where nothing stands before its frames
    return frames == ENOUGH || frames > 0 && whereExpected && at >= file.length - HEADER;
  }

  /** Where the frame ends; some writers pad it without saying so. */
  private static int next(byte[] file, int first, int at) {
    int end = at + length(file, at);
    boolean padded =
        end + 1 <= file.length - HEADER
            && !isAlike(file, first, end)
            && isAlike(file, first, end + 1);
    return padded ? end + 1 : end;
  }

  /** Whether a frame begins here that can belong to the same stream as another one. */
  private static boolean isAlike(byte[] file, int first, int at) {
    return length(file, at) > 0
        && file[at + 1] >> 1 == file[first + 1] >> 1
        && (file[at + 2] & 0x0c) == (file[first + 2] & 0x0c);
  }

  private static boolean isAdts(byte[] file, int at) {
    return (file[at] & 0xff) == 0xff && (file[at + 1] & 0xf6) == 0xf0;
  }

  /** Bytes of the frame that begins here; zero where none does. */
  private static int length(byte[] file, int at) {
    if (isAdts(file, at)) {
      return adtsLength(file, at);
    }
    int version = file[at + 1] >> 3 & 3;
    int layer = 4 - (file[at + 1] >> 1 & 3);
    int bitrate = file[at + 2] >> 4 & 15;
    int rate = file[at + 2] >> 2 & 3;
    boolean sync = (file[at] & 0xff) == 0xff && (file[at + 1] & 0xe0) == 0xe0;
    if (!sync || version == 1 || layer == 4 || bitrate == 0 || bitrate == 15 || rate == 3) {
      return 0;
    }
    boolean first = version == 3;
    int bits = 1000 * BITRATES[first ? layer - 1 : layer == 1 ? 3 : 4][bitrate - 1];
    int hertz = RATES[rate] / (first ? 1 : version == 2 ? 2 : 4);
    int padding = file[at + 2] >> 1 & 1;
    if (layer == 1) {
      return (12 * bits / hertz + padding) * 4;
    }
    return (layer == 3 && !first ? 72 : 144) * bits / hertz + padding;
  }

  private static int adtsLength(byte[] file, int at) {
    if (at > file.length - ADTS_HEADER || (file[at + 2] >> 2 & 15) > 12) {
      return 0;
    }
    int length = (file[at + 3] & 3) << 11 | (file[at + 4] & 0xff) << 3 | (file[at + 5] & 0xff) >> 5;
    return length > ADTS_HEADER ? length : 0;
  }
}
