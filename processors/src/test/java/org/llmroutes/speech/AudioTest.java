package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;

/** What the bytes are decides, whatever they are said to be. */
class AudioTest {
  /** 64 kbit/s, 44.1 kHz: 208 bytes. */
  private static final byte[] MPEG_1 = frame(208, 0xff, 0xfb, 0x50, 0xc4);

  /** 8 kbit/s, 8 kHz: 72 bytes. */
  private static final byte[] MPEG_25 = frame(72, 0xff, 0xe3, 0x18, 0xc4);

  /** 40 bytes, as the header says itself. */
  private static final byte[] ADTS = frame(40, 0xff, 0xf1, 0x60, 0x40, 0x05, 0x1f, 0xfc);

  private static byte[] frame(int length, int... header) {
    byte[] frame = new byte[length];
    for (int i = 0; i < header.length; i++) {
      frame[i] = (byte) header[i];
    }
    return frame;
  }

  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      out.writeBytes(
          part instanceof byte[] raw ? raw : part.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toByteArray();
  }

  private static byte[] id3(int size) {
    return bytes(
        "ID3\4\0\0",
        frame(4, size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127),
        new byte[size]);
  }

  private static final byte[] FOUR = bytes(MPEG_1, MPEG_1, MPEG_1, MPEG_1);

  private static byte[] padded() {
    byte[] frame = Arrays.copyOf(MPEG_1, MPEG_1.length + 1);
    return bytes(new byte[64], frame, frame, frame);
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("mp3", "MP3", FOUR),
        Arguments.of("one frame", "MP3", MPEG_1),
        Arguments.of("MPEG 2.5", "MP3", bytes(MPEG_25, MPEG_25, MPEG_25, MPEG_25)),
        Arguments.of("zeros before it", "MP3", bytes(new byte[64], FOUR)),
        Arguments.of("padding that is not told", "MP3", padded()),
        Arguments.of("junk before it", "MP3", bytes("HTTP\r\n\r\n\u00ff\u00fb?", FOUR)),
        Arguments.of("a picture before it", "MP3", bytes(id3(300_000), new byte[100], FOUR)),
        Arguments.of("two tags before it", "MP3", bytes(id3(100), id3(50), FOUR)),
        Arguments.of("a tag that lies", "MP3", bytes("ID3\4\0\0\177\177\177\177", FOUR)),
        Arguments.of("cut off", "MP3", bytes(MPEG_1, MPEG_1, "\u00ff\u00fb")),
        Arguments.of("ADTS", "AAC", bytes(ADTS, ADTS, ADTS)),
        Arguments.of("ADTS with a tag", "AAC", bytes(id3(20), ADTS, ADTS, ADTS)),
        Arguments.of("Safari", "MP4", bytes("\0\0\0\34ftypM4A \0\0\0\0M4A mp42isom")),
        Arguments.of("iOS", "MP4", bytes("\0\0\0\30ftypiso5\0\0\0\1iso5hlsf")),
        Arguments.of("QuickTime", "MP4", bytes("\0\0\0\10wide\0\0\1\0mdat")),
        Arguments.of("WebM", "WEBM", bytes("\32E\u00df\u00a3...")),
        Arguments.of("Ogg", "OGG", bytes("OggS\0\2...")),
        Arguments.of("FLAC", "FLAC", bytes("fLaC...")),
        Arguments.of("FLAC with a tag", "FLAC", bytes(id3(20), "fLaC...")),
        Arguments.of("WAV", "WAV", Sounds.tone(1, 0.1).bytes()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void isKnownByItsBytes(String what, String format, byte[] file) {
    for (AudioFormat said : AudioFormat.values()) {
      Audio audio = Audio.of(file, said);
      assertThat(audio.format()).isEqualTo(AudioFormat.valueOf(format));
      assertThat(audio.bytes()).isEqualTo(file);
    }
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(bytes(), "The audio is empty"),
        Arguments.of(new byte[100], "The audio is no wav"),
        Arguments.of(new byte[200_000], "The audio is no wav"),
        Arguments.of(bytes("RIFF\0\0\0\0AVI LIST"), "The audio is no wav"),
        Arguments.of(bytes("{\"audio\": \"...\"}"), "ffmpeg -i FILE"),
        Arguments.of(bytes("FORM\0\0\0\0AIFF"), "AIFF"),
        Arguments.of(bytes("#!AMR\n"), "AMR"),
        Arguments.of(bytes("caff\0\1"), "a CAF file"),
        Arguments.of(bytes("\37C\u00b6u\1\0"), "the middle of a recording (WebM)"),
        Arguments.of(bytes("OggS\0\0..."), "the middle of a recording (Ogg)"),
        Arguments.of(bytes("\0\0\0\30moof..."), "the middle of a recording (MP4)"),
        Arguments.of(bytes("\0\0\0\30stypmsdh"), "beginning with the first slice"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void refused(byte[] file, String message) {
    assertThatExceptionOfType(InvalidAudio.class)
        .isThrownBy(() -> Audio.of(file, AudioFormat.WAV))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }

  @ParameterizedTest
  @CsvSource({
    "wav,WAV",
    "WAV,WAV",
    "audio/x-wav,WAV",
    "audio/vnd.wave; codec=1,WAV",
    "mpeg,MP3",
    "audio/mpeg,MP3",
    "MPGA,MP3",
    "oga,OGG",
    "application/ogg,OGG",
    "opus,OPUS",
    "audio/ogg;codecs=opus,OGG",
    "audio/webm;codecs=opus,WEBM",
    "video/webm,WEBM",
    "m4a,MP4",
    "audio/mp4,MP4",
    "audio/x-m4a,MP4",
    ".m4a,MP4",
    "video/mp4,MP4",
    "audio/aac,AAC",
    "x-flac,FLAC"
  })
  void formatsHaveManyNames(String name, AudioFormat format) {
    assertThat(AudioFormat.named(name)).contains(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "au", "banana", "audio/", "text/plain"})
  void butNotAny(String name) {
    assertThat(AudioFormat.named(name)).isEmpty();
  }

  @Test
  void mp3FilesAreJoinedWithoutTheirTags() {
    byte[] counted = MPEG_1.clone();
    System.arraycopy("Info".getBytes(StandardCharsets.US_ASCII), 0, counted, 36, 4);
    byte[] tail = bytes("TAG", new byte[125]);
    Audio part = Audio.of(bytes(id3(30), counted, FOUR, tail), AudioFormat.MP3);

    assertThat(Audio.join(List.of(part, part)).bytes()).isEqualTo(bytes(FOUR, FOUR));
    assertThat(Audio.join(List.of(part))).isEqualTo(part);
  }
}
