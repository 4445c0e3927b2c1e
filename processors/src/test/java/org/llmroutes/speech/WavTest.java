package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.errors.ErrorCode;

/** WAV files, with Java's own reader and writer of them as the judge. */
class WavTest {

  private static byte[] frames(int size) {
    byte[] frames = new byte[size];
    new Random(size).nextBytes(frames);
    return frames;
  }

  private static byte[] file(int rate, int bits, int channels, byte[] frames) throws Exception {
    Encoding encoding = bits == 8 ? Encoding.PCM_UNSIGNED : Encoding.PCM_SIGNED;
    int size = channels * bits / 8;
    var format =
        new javax.sound.sampled.AudioFormat(encoding, rate, bits, channels, size, rate, false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioSystem.write(
        new AudioInputStream(new ByteArrayInputStream(frames), format, frames.length / size),
        AudioFileFormat.Type.WAVE,
        out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"8000,8,1", "16000,16,1", "22050,16,2", "44100,24,2", "48000,32,1", "96000,16,2"})
  void anyRateMonoAndStereo(int rate, int bits, int channels) throws Exception {
    byte[] one = frames(channels * bits / 8 * 301);
    byte[] two = frames(channels * bits / 8 * 500);
    Wav read = Wav.read(file(rate, bits, channels, one));
    assertThat(read.sampleRate()).isEqualTo(rate);
    assertThat(read.channels()).isEqualTo(channels);
    assertThat(read.frames()).isEqualTo(one);
    assertThat(read.duration())
        .isBetween(
            Duration.ofNanos(300_000_000_000L / rate), Duration.ofNanos(302_000_000_000L / rate));

    Wav joined = Wav.join(List.of(read, Wav.read(file(rate, bits, channels, two))));

    AudioInputStream heard =
        AudioSystem.getAudioInputStream(new ByteArrayInputStream(joined.bytes()));
    assertThat(heard.getFormat().getSampleRate()).isEqualTo(rate);
    assertThat(heard.getFormat().getChannels()).isEqualTo(channels);
    assertThat(heard.getFormat().getSampleSizeInBits()).isEqualTo(bits);
    assertThat(heard.getFrameLength()).isEqualTo(801);
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    assertThat(heard.readAllBytes()).isEqualTo(both);
  }

  @Test
  void otherChunksAreSkipped() throws Exception {
    byte[] file = file(16000, 16, 1, frames(100));
    ByteBuffer more = ByteBuffer.allocate(file.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    more.put(file, 0, 12)
        .put("LIST".getBytes(StandardCharsets.US_ASCII))
        .putInt(3)
        .put(new byte[4]);
    more.put(file, 12, file.length - 12);
    assertThat(Wav.read(more.array()).frames()).isEqualTo(frames(100));
  }

  @ParameterizedTest
  @CsvSource({"0,36", "-1,-1", "2147483647,36"})
  void aHeaderWrittenBeforeTheLengthWasKnown(int data, int riff) throws Exception {
    byte[] file = file(24000, 16, 1, frames(100));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, riff).putInt(40, data);
    Wav read = Wav.read(file);
    assertThat(read.frames()).isEqualTo(frames(100));
    assertThat(
            AudioSystem.getAudioInputStream(new ByteArrayInputStream(read.bytes()))
                .getFrameLength())
        .isEqualTo(50);
  }

  @Test
  void differentFormatsAreNotJoined() throws Exception {
    Wav slow = Wav.read(file(16000, 16, 1, frames(10)));
    Wav fast = Wav.read(file(22050, 16, 1, frames(10)));
    assertThatIllegalArgumentException().isThrownBy(() -> Wav.join(List.of(slow, fast)));
  }

  @Test
  void whatIsEmptyOrBrokenIsSaidSo() throws Exception {
    byte[] good = file(16000, 16, 1, frames(100));
    broken(new byte[0], "The audio is empty");
    broken("RIFF of fruit".getBytes(StandardCharsets.US_ASCII), "no WAV file");
    broken("hello".getBytes(StandardCharsets.US_ASCII), "no wav");
    broken(Arrays.copyOf(good, 90), "cut off: 46 of 100 bytes");
    broken(Arrays.copyOf(good, 44), "cut off: 0 of 100 bytes");
    broken(Arrays.copyOf(good, 40), "no sound");
    broken(file(16000, 16, 1, new byte[0]), "no sound");
    broken(with(good, 20, 0x11), "encoding 17");
    broken(with(good, 22, 0), "0 channels");
    broken(with(good, 34, 12), "12 bits");
    broken(with(good, 12, 'x'), "does not say its format");
  }

  @Test
  void noBytesWhateverBreakIt() throws Exception {
    byte[] good = file(16000, 16, 2, frames(40));
    Random random = new Random(3);
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int i = 0; i < 3 && bytes.length > 0; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(Wav.read(bytes).frames()).isNotEmpty();
      } catch (InvalidAudio e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
      }
    }
  }

  @Test
  void otherFormatsAreKnownByTheirBeginning() {
    Audio audio =
        Audio.of("OggS...".getBytes(StandardCharsets.US_ASCII), AudioFormat.ofWire("ogg"));
    assertThat(audio.format()).isEqualTo(AudioFormat.OGG);
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> Audio.of("OggS...".getBytes(StandardCharsets.US_ASCII), AudioFormat.MP3))
        .withMessage("The audio is no mp3");
  }

  private static byte[] with(byte[] file, int place, int value) {
    byte[] changed = file.clone();
    changed[place] = (byte) value;
    return changed;
  }

  private static void broken(byte[] file, String message) {
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> Audio.of(file, AudioFormat.WAV))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }
}
