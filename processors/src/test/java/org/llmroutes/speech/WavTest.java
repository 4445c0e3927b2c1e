package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
    Wav read = read(file(rate, bits, channels, one));
    assertThat(read.format()).isEqualTo(new WavFormat(1, channels, rate, bits));
    assertThat(read.frames()).isEqualTo(one);
    assertThat(read.duration())
        .isBetween(
            Duration.ofNanos(300_000_000_000L / rate), Duration.ofNanos(302_000_000_000L / rate));

    Wav joined = Wav.join(List.of(read, read(file(rate, bits, channels, two))));

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

  private static Wav read(byte[] file) {
    return WavFile.read(file).sound().orElseThrow();
  }

  private static byte[] chunk(String name, long length, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .putInt((int) length)
        .put(content)
        .array();
  }

  private static byte[] chunk(String name, byte[] content) {
    return chunk(name, content.length, content);
  }

  private static byte[] fmt(int encoding, int channels, int align, int bits) {
    return chunk(
        "fmt ",
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) encoding)
            .putShort((short) channels)
            .putInt(16_000)
            .putInt(16_000 * align)
            .putShort((short) align)
            .putShort((short) bits)
            .array());
  }

  private static byte[] riff(String name, long length, byte[]... chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("WAVE".getBytes(StandardCharsets.US_ASCII));
    List.of(chunks).forEach(out::writeBytes);
    return chunk(name, length < 0 ? out.size() : length, out.toByteArray());
  }

  private static final byte[] FRAMES = frames(100);
  private static final byte[] PCM = fmt(1, 1, 2, 16);
  private static final byte[] LIST = chunk("LIST", new byte[] {'I', 'N', 'F', 'O'});

  static Stream<Arguments> headers() {
    byte[] data = chunk("data", FRAMES);
    return Stream.of(
        a("as it should be", riff("RIFF", -1, PCM, data)),
        a("data as long as the file", riff("RIFF", -1, PCM, chunk("data", 144, FRAMES))),
        a("a recorder that stopped early", riff("RIFF", -1, PCM, chunk("data", 960_000, FRAMES))),
        a("no length of data", riff("RIFF", -1, PCM, chunk("data", 0, FRAMES))),
        a("no length at all", riff("RIFF", 0, PCM, chunk("data", 0, FRAMES))),
        a("of nothing", riff("RIFF", 36, PCM, chunk("data", 0, FRAMES))),
        a("a stream", riff("RIFF", 0xFFFF_FFFFL, PCM, chunk("data", 0xFFFF_FFFFL, FRAMES))),
        a("FFmpeg's stream", riff("RIFF", 0xFFFF_FFFFL, PCM, chunk("data", 0x7FFF_FFFF, FRAMES))),
        a("no length of the file", riff("RIFF", 0, PCM, data)),
        a("a list without padding", riff("RIFF", -1, PCM, chunk("LIST", new byte[15]), data)),
        a("a list with padding", riff("RIFF", -1, PCM, chunk("LIST", 15, new byte[16]), data)),
        a(
            "a list that is too long",
            riff("RIFF", -1, PCM, chunk("LIST", 50_000, new byte[4]), data)),
        a("a list before and after", riff("RIFF", -1, LIST, PCM, LIST, data, LIST)),
        a("tags after it", riff("RIFF", -1, PCM, data, chunk("id3 ", new byte[31]))),
        a(
            "broadcast",
            riff("RIFF", -1, chunk("bext", new byte[602]), PCM, chunk("JUNK", new byte[28]), data)),
        a("padding of a byte", riff("RIFF", -1, PCM, chunk("fact", new byte[4]), data)),
        a("an empty chunk first", riff("RIFF", -1, PCM, chunk("data", new byte[0]), LIST, data)),
        a(
            "RF64",
            riff("RF64", 0xFFFF_FFFFL, ds64(100), PCM, chunk("data", 0xFFFF_FFFFL, FRAMES), LIST)),
        a(
            "BW64 without its size",
            riff("BW64", 0xFFFF_FFFFL, PCM, chunk("data", 0xFFFF_FFFFL, FRAMES))),
        a("extensible", riff("RIFF", -1, extensible(), data)));
  }

  private static byte[] ds64(long dataSize) {
    return chunk(
        "ds64",
        ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN).putLong(8, dataSize).array());
  }

  private static byte[] extensible() {
    byte[] fmt = Arrays.copyOf(fmt(0xFFFE, 1, 2, 16), 48);
    byte[] pcm = {
      1, 0, 0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71
    };
    fmt[4] = 40;
    fmt[24] = 22;
    fmt[26] = 16;
    System.arraycopy(pcm, 0, fmt, 32, pcm.length);
    return fmt;
  }

  private static Arguments a(String what, byte[] file) {
    return Arguments.of(what, file);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("headers")
  void whatAPlayerPlaysIsThere(String what, byte[] file) throws Exception {
    assertThat(read(file).frames()).isEqualTo(FRAMES);
    Audio audio = Audio.of(file, AudioFormat.WAV);
    assertThat(audio.sound().orElseThrow().frames()).isEqualTo(FRAMES);
    assertThat(
            AudioSystem.getAudioInputStream(new ByteArrayInputStream(audio.bytes()))
                .getFrameLength())
        .isEqualTo(50);
  }

  @Test
  void aTrueHeaderStaysAsItIs() {
    byte[] file = riff("RIFF", -1, LIST, PCM, chunk("data", FRAMES), chunk("id3 ", new byte[30]));
    assertThat(Audio.of(file, AudioFormat.WAV).bytes()).isSameAs(file);
  }

  @Test
  void theHighestByteFirst() {
    byte[] file = riff("RIFF", -1, PCM, chunk("data", new byte[] {1, 2, 3, 4}));
    ByteBuffer big = ByteBuffer.wrap(file);
    for (int place : new int[] {4, 16, 24, 28, 40}) {
      big.putInt(place, Integer.reverseBytes(big.getInt(place)));
    }
    for (int place : new int[] {20, 22, 32, 34}) {
      big.putShort(place, Short.reverseBytes(big.getShort(place)));
    }
    file[3] = 'X';
    assertThat(read(file).frames()).containsExactly(2, 1, 4, 3);
    assertThat(Audio.of(file, AudioFormat.WAV).bytes()).startsWith('R', 'I', 'F', 'F');
  }

  @Test
  void filesOneAfterTheOtherAreOne() {
    byte[] one = riff("RIFF", -1, PCM, chunk("data", FRAMES));
    byte[] open = riff("RIFF", 36, PCM, chunk("data", 0, FRAMES));
    for (byte[] first : List.of(one, open)) {
      byte[] both = Arrays.copyOf(first, first.length + one.length);
      System.arraycopy(one, 0, both, first.length, one.length);
      Wav read = Audio.of(both, AudioFormat.WAV).sound().orElseThrow();
      assertThat(read.frames()).hasSize(200).startsWith(FRAMES).endsWith(FRAMES);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6,1,1,8",
    "7,1,1,8",
    "2,1,256,4",
    "17,2,512,4",
    "49,1,65,0",
    "85,2,1,0",
    "1,4,8,16",
    "1,6,18,24",
    "1,1,2,12",
    "3,1,8,64"
  })
  void whatWhisperReadsIsPassedOn(int encoding, int channels, int align, int bits) {
    byte[] file =
        riff("RIFF", -1, fmt(encoding, channels, align, bits), chunk("data", frames(720)));
    assertThat(Audio.of(file, AudioFormat.WAV).bytes()).isEqualTo(file);
  }

  @Test
  void aLawWithALyingHeaderIsMended() {
    byte[] file = riff("RIFF", 0, fmt(6, 1, 1, 8), chunk("data", 0, FRAMES));
    assertThat(Audio.of(file, AudioFormat.WAV).bytes())
        .isEqualTo(new Wav(new WavFormat(6, 1, 16_000, 8), FRAMES).bytes());
  }

  @Test
  void othersAreJoinedInTheFormatOfTheFirst() {
    Wav slow = Sounds.tone(1, 0.3);
    Wav fast = new Wav(new WavFormat(3, 2, 48_000, 32), new byte[8 * 48_000]);
    assertThat(fast.canBeLike(slow)).isTrue();
    Wav joined = Wav.join(List.of(slow, fast));
    assertThat(joined.format()).isEqualTo(slow.format());
    assertThat(joined.duration()).isBetween(Duration.ofMillis(1990), Duration.ofMillis(2010));
  }

  @Test
  void whatIsEmptyOrBrokenIsSaidSo() {
    broken(riff("RIFF", -1, PCM), "no sound");
    broken(riff("RIFF", -1, PCM, chunk("data", new byte[0])), "no sound");
    broken(riff("RIFF", -1, PCM, chunk("data", new byte[0]), LIST), "no sound");
    broken(riff("RIFF", -1, PCM, chunk("data", new byte[1])), "no sound");
    broken(riff("RIFF", -1, chunk("data", FRAMES)), "does not say its format");
    broken(riff("RIFF", -1, chunk("fmt ", new byte[4]), chunk("data", FRAMES)), "does not say");
    broken(riff("RIFF", -1, fmt(1, 0, 2, 16), chunk("data", FRAMES)), "0 channels");
    broken(riff("RIFF", -1, fmt(146, 2, 4, 16), chunk("data", FRAMES)), "encoding 146");
    broken(riff("RIFF", -1, fmt(146, 2, 4, 16), chunk("data", FRAMES)), "ffmpeg -i FILE");
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
        Audio audio = Audio.of(bytes, AudioFormat.WAV);
        assertThat(audio.sound().map(Wav::frames).orElse(bytes)).isNotEmpty();
      } catch (InvalidAudio e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
      }
    }
  }

  private static void broken(byte[] file, String message) {
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> Audio.of(file, AudioFormat.WAV))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }
}
