package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text files are read in the encodings that people's editors and exports write. */
class TextEncodingTest {
  private static final String GERMAN = "Der Graureiher fängt Fische – täglich, für 5 €.";
  private static final String RUSSIAN =
      "Серая цапля стоит неподвижно в мелкой воде и терпеливо ждёт рыбу, а потом хватает её.";
  private static final String JAPANESE = "アオサギは浅い水の中でじっと立って魚を待ちます。";

  @ParameterizedTest
  @CsvSource({
    "UTF-8, ''",
    "UTF-8, efbbbf",
    "UTF-16LE, fffe",
    "UTF-16BE, feff",
    "UTF-16LE, ''",
    "UTF-16BE, ''",
    "UTF-32LE, fffe0000",
    "UTF-32BE, 0000feff",
    "windows-1252, ''"
  })
  void readsWhatAnEditorWrites(String charset, String mark) throws Exception {
    assertThat(TextEncoding.decode(bytes(mark, GERMAN, charset))).isEqualTo(GERMAN);
  }

  @ParameterizedTest
  @CsvSource({"windows-1251", "KOI8-R", "UTF-16LE", "UTF-16BE", "UTF-8"})
  void readsOtherAlphabets(String charset) throws Exception {
    assertThat(TextEncoding.decode(bytes("", RUSSIAN, charset))).isEqualTo(RUSSIAN);
  }

  @Test
  void fewWordsOfWindowsAreNotTakenForThoseOfAnOldMac() throws Exception {
    String text = "Цапля ждёт рыбу у моста. Рыба плывёт под мостом.";

    assertThat(TextEncoding.decode(bytes("", text, "windows-1251"))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"Shift_JIS", "EUC-JP"})
  void readsOtherScripts(String charset) throws Exception {
    assertThat(TextEncoding.decode(bytes("", JAPANESE, charset))).isEqualTo(JAPANESE);
  }

  @Test
  void aFewWrongBytesCostOnlyThemselves() throws Exception {
    byte[] text = (GERMAN + " x " + RUSSIAN).getBytes(StandardCharsets.UTF_8);
    text[GERMAN.getBytes(StandardCharsets.UTF_8).length + 1] = (byte) 0xff;

    assertThat(TextEncoding.decode(text)).isEqualTo(GERMAN + " \uFFFD " + RUSSIAN);
  }

  @Test
  void zerosInALogAreDroppedAndBinaryDataIsRefused() throws Exception {
    byte[] log = ("Heron\0" + "took a carp; ".repeat(20)).getBytes(StandardCharsets.UTF_8);
    byte[] picture = HexFormat.of().parseHex("89504e470d0a1a0a0000000d4948445200000001000102");

    assertThat(TextEncoding.decode(log)).startsWith("Herontook a carp");
    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> TextEncoding.decode(picture))
        .withMessageStartingWith("is not text");
  }

  @Test
  void whatLooksLikeNoEncodingIsNotGuessed() {
    byte[] noise = new byte[200];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (0x80 + i * 31 % 0x80);
    }

    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> TextEncoding.decode(noise))
        .withMessageContaining("convert it to UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "windows-1252, utf-8",
    "windows-1252, iso-8859-1",
    "windows-1252, no-such-thing",
    "windows-1252, windows-1252",
    "UTF-8, iso-8859-1",
    "UTF-8, utf-16",
    "ISO-8859-15, iso-8859-15"
  })
  void aPageIsReadByWhatItIsRatherThanByWhatItSays(String is, String says) throws Exception {
    String page =
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=%s\"></head>"
                .formatted(says)
            + "<body><p>Der Graureiher fängt Fische für 5 €.</p></body></html>";

    ParsedDocument parsed = DocumentFormat.HTML.parse("a.html", page.getBytes(Charset.forName(is)));

    assertThat(parsed.sections().get(0).blocks())
        .containsExactly(new Block.Prose("Der Graureiher fängt Fische für 5 €."));
  }

  @ParameterizedTest
  @CsvSource({"Shift_JIS, shift_jis", "ISO-2022-JP, iso-2022-jp", "UTF-16LE, utf-16"})
  void declaredEncodingsOfOtherScriptsAreUsed(String is, String says) throws Exception {
    String page = "<meta charset=" + says + "><p>" + JAPANESE + "</p>";

    ParsedDocument parsed = DocumentFormat.HTML.parse("a.html", page.getBytes(Charset.forName(is)));

    assertThat(parsed.sections().get(0).blocks()).containsExactly(new Block.Prose(JAPANESE));
  }

  private static byte[] bytes(String mark, String text, String charset) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(mark));
    bytes.writeBytes(text.getBytes(Charset.forName(charset)));
    return bytes.toByteArray();
  }
}
