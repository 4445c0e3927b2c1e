package org.llmroutes.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A WAV file as recorders, browsers and servers write it: RIFF, RIFX, RF64 or BW64, with sizes that
 * were written before they were known, or never. What a player would play is its sound.
 *
 * @param format of the samples
 * @param frames where the sound stands in the file, in the order of its bytes; whole frames where
 *     it is not compressed
 * @param promised bytes of sound that the header speaks of; as many as there are where it leaves
 *     that open
 * @param trueHeader whether a reader that believes every size finds the same
 */
record WavFile(WavFormat format, ByteBuffer frames, long promised, boolean trueHeader) {
  /** What servers that stream write for a length that they do not know yet lies from here on. */
  private static final long UNKNOWN_LENGTH = 0x7FFF_0000L;

  /**
   * @throws InvalidAudio whose message says what is wrong
   */
  static WavFile read(byte[] file) {
    return new Reader(file).read();
  }

  /**
   * A file that any reader understands as a player does: the same one where its header is true, or
   * where its sound is compressed. Several files one after the other, which is how some servers
   * stream, become one.
   *
   * @throws InvalidAudio whose message says what is wrong
   */
  static byte[] mended(byte[] file) {
    List<WavFile> parts = parts(file).stream().map(WavFile::read).toList();
    if (parts.size() == 1 && parts.get(0).trueHeader) {
      return file;
    }
    List<Wav> sounds = parts.stream().flatMap(part -> part.sound().stream()).toList();
    boolean canBeOne =
        sounds.size() == parts.size()
            && sounds.stream().allMatch(sound -> sound.canBeLike(sounds.get(0)));
    return canBeOne ? Wav.join(sounds).bytes() : file;
  }

  /** The sound, where it is not compressed. */
  Optional<Wav> sound() {
    if (!format.isPlain()) {
      return Optional.empty();
    }
    byte[] samples = new byte[frames.remaining()];
    frames.get(frames.position(), samples);
    int width = format.bitsPerSample() / 8;
    if (frames.order() == ByteOrder.BIG_ENDIAN && width > 1) {
      for (int at = 0; at < samples.length; at += width) {
        for (int low = at, high = at + width - 1; low < high; low++, high--) {
          byte swapped = samples[low];
          samples[low] = samples[high];
          samples[high] = swapped;
        }
      }
    }
    return Optional.of(new Wav(format, samples));
  }

  /** Whether less than half of the sound is there that the header promises. */
  boolean isTorso() {
    return frames.remaining() < promised / 2;
  }

  private static List<byte[]> parts(byte[] file) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int at = 12; at + 12 <= file.length; at++) {
      if (file[at] == 'R'
          && AudioSniffer.has(file, at, "RIFF")
          && AudioSniffer.has(file, at + 8, "WAVE")) {
        parts.add(Arrays.copyOfRange(file, start, at));
        start = at;
      }
    }
    parts.add(start == 0 ? file : Arrays.copyOfRange(file, start, file.length));
    return parts;
  }

  /** Walks through the chunks of a file. */
  private static final class Reader {
    private static final int HEADER = 8;
    private static final Set<String> KNOWN = Set.of("fmt ", "data", "fact", "LIST");

    private final ByteBuffer in;
    private final long riffEnd;
    private boolean wellFormed;
    private long dataSize = UNKNOWN_LENGTH;
    private WavFormat format;

    Reader(byte[] file) {
      boolean big = AudioSniffer.has(file, 0, "RIFX");
      in = ByteBuffer.wrap(file).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      wellFormed = AudioSniffer.has(file, 0, "RIFF");
      riffEnd = file.length < 12 ? 0 : HEADER + Integer.toUnsignedLong(in.getInt(4));
      in.position(Math.min(12, file.length));
    }

    WavFile read() {
      while (in.remaining() >= HEADER) {
        String chunk = name(in.position());
        long length = Integer.toUnsignedLong(in.getInt(in.position() + 4));
        in.position(in.position() + HEADER);
        if ("data".equals(chunk)) {
          if (length > 0 || !chunksFollow(in.position())) {
            return withSound(length);
          }
          wellFormed = false;
        } else if (length > in.remaining()) {
          findData();
        } else {
          take(chunk, in.slice(in.position(), (int) length).order(in.order()));
          in.position(end(in.position(), length));
        }
      }
      throw new InvalidAudio("The WAV file has no sound in it");
    }

    private void take(String chunk, ByteBuffer content) {
      if ("fmt ".equals(chunk)) {
        format = WavFormat.read(content);
      } else if ("ds64".equals(chunk) && content.remaining() >= 16) {
        dataSize = content.getLong(8);
      }
    }

    /** Behind a chunk and its padding, which some writers forget. */
    private int end(int start, long length) {
      int end = start + (int) length;
      if (length % 2 == 0 || end == in.limit()) {
        return end;
      } else if (isKnown(end) || isName(end) && !isKnown(end + 1) && !isName(end + 1)) {
        wellFormed = false;
        return end;
      }
      return end + 1;
    }

    private boolean isKnown(int place) {
      return in.limit() - place >= 4 && KNOWN.contains(name(place));
    }

    private boolean isName(int place) {
      return in.limit() - place >= 4 && name(place).chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /** A chunk says that it is longer than the file; the sound may be there all the same. */
    private void findData() {
      wellFormed = false;
      int at = in.position();
      while (at < in.limit() && !AudioSniffer.has(in.array(), at, "data")) {
        at++;
      }
      in.position(at);
    }

    /** Whether nothing but chunks stands from here to the end, so that an empty one is empty. */
    private boolean chunksFollow(int from) {
      long at = from;
      while (at + HEADER <= in.limit() && isName((int) at)) {
        long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
        at += HEADER + length + length % 2;
      }
      return at > from && at >= in.limit() && at <= in.limit() + 1;
    }

    private WavFile withSound(long length) {
      if (format == null) {
        throw new InvalidAudio("The WAV file does not say its format");
      }
      long promised = length == 0xFFFF_FFFFL ? dataSize : length;
      boolean open = promised >= UNKNOWN_LENGTH || promised <= 0;
      int there = open ? in.remaining() : (int) Math.min(promised, in.remaining());
      int whole = format.isPlain() ? there / format.frameSize() * format.frameSize() : there;
      if (whole == 0) {
        throw new InvalidAudio("The WAV file has no sound in it");
      }
      boolean trueHeader =
          wellFormed
              && length == whole
              && riffEnd >= in.position() + length
              && riffEnd <= in.limit() + 1L;
      return new WavFile(
          format,
          in.slice(in.position(), whole).order(in.order()),
          open ? whole : promised,
          trueHeader);
    }

    private String name(int place) {
      byte[] name = new byte[4];
      in.get(place, name);
      return new String(name, StandardCharsets.ISO_8859_1);
    }
  }
}
