package org.llmroutes.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * One audio file that is written while its parts are spoken. Its length is not known when it
 * begins: a WAV says so with the largest number, as OpenAI's does. For one caller.
 */
public final class SoundFile {
  /** OpenAI's form of bare samples: 24 kHz, mono, 16 bits, lowest byte first. */
  private static final WavFormat BARE = new WavFormat(WavFormat.INTEGER, 1, 24_000, 16);

  private static final int UNKNOWN = -1;

  private final boolean bare;
  private Audio first;

  /**
   * @param bare whether the samples alone are wanted, instead of a file of the parts' format
   */
  public SoundFile(boolean bare) {
    this.bare = bare;
  }

  /**
   * The bytes that follow in the file.
   *
   * @param last whether no part comes after this one
   * @throws StepException step {@code tts}, unavailable, where the part cannot be in this file
   */
  public byte[] add(Audio part, boolean last) {
    boolean begins = first == null;
    first = begins ? part : first;
    if (!first.joins(part) || bare && part.sound().isEmpty()) {
      throw new StepException(
          "tts", ErrorCode.UNAVAILABLE, "The voice gives audio that cannot be joined", null);
    } else if (bare) {
      return part.sound().orElseThrow().in(BARE).frames();
    }
    return switch (first.format()) {
      case WAV -> wav(part, begins, last);
      case MP3 -> MpegFrames.of(part.bytes());
      default -> part.bytes();
    };
  }

  private byte[] wav(Audio part, boolean begins, boolean last) {
    if (begins && last) {
      return part.bytes();
    }
    Wav begun = first.sound().orElseThrow();
    byte[] frames = part.sound().orElseThrow().in(begun.format()).frames();
    return begins ? openEnded(new Wav(begun.format(), frames)) : frames;
  }

  private static byte[] openEnded(Wav sound) {
    byte[] file = sound.bytes();
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(4, UNKNOWN).putInt(40, UNKNOWN);
    // without the padding that ends a whole file
    return Arrays.copyOf(file, 44 + sound.frames().length);
  }
}
