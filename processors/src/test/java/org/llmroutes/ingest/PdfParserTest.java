package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a PDF as a person reads its pages. */
class PdfParserTest {
  private static final PDFont FONT = new PDType1Font(Standard14Fonts.FontName.HELVETICA);

  @Test
  void isASectionAPage() throws Exception {
    ParsedDocument document =
        parse(pdf("Annual report", List.of("Wrapped exam-", "ple text"), List.of("Next")));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::text, chunk -> chunk.metadata().get("page"))
        .containsExactly(
            tuple("Annual report", "Wrapped example text", 1), tuple("Annual report", "Next", 2));
    assertThat(document.metadata()).containsEntry("modified", "2024-05-01T10:00:00Z");
    assertThat(document.warnings()).isEmpty();
  }

  @Test
  void isRefusedWhereItIsBrokenLockedOrHasNoText() {
    assertThatThrownBy(() -> parse("%PDF-1.7 broken".getBytes()))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("is not a readable PDF");
    assertThatThrownBy(() -> parse(locked("owner", "user")))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("password");
    assertThatThrownBy(() -> parse(pdf("Scan", List.of())))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("has no text");
  }

  @Test
  void isReadWhereItOpensWithoutAPassword() throws Exception {
    assertThat(text(parse(locked("owner", "")))).isEqualTo("Locked text");
  }

  @Test
  void namesPagesWithoutText() throws Exception {
    ParsedDocument document =
        parse(pdf("Lease", List.of("Cover"), List.of(), List.of(), List.of()));

    assertThat(document.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.reason()).contains("3 of 4 pages without text");
              assertThat(warning.leftOut()).isTrue();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270, 45})
  void readsTextByItsOwnDirection(int angle) throws Exception {
    for (int rotation : new int[] {0, 90}) {
      byte[] pdf =
          drawn(
              rotation,
              content -> {
                line(content, angle, 0, "Engine coolant capacity is 17.6 liters");
                line(content, angle, 14, "and the engine oil is changed with it.");
                line(content, rotation, 250, "Upright text.");
              });

      assertThat(text(parse(pdf)))
          .contains("Engine coolant capacity is 17.6 liters and the engine oil is changed with it.")
          .contains("Upright text.");
    }
  }

  @Test
  void readsColumnsThatAreDrawnAcross() throws Exception {
    byte[] pdf =
        drawn(
            0,
            content -> {
              at(content, 60, 800, "A headline above both of the columns of the page, in one line");
              across(content, 780, "Herons stand still in", "Storks walk through");
              across(content, 766, "shallow water and wait", "wet meadows and look");
              across(content, 752, "for fish to come by.", "for frogs and mice.");
            });

    assertThat(text(parse(pdf)))
        .containsSubsequence(
            "one line",
            "Herons stand still in shallow water and wait for fish to come by.",
            "Storks walk through wet meadows and look for frogs and mice.");
  }

  @Test
  void keepsTheRowsOfATable() throws Exception {
    byte[] pdf =
        drawn(
            0,
            content -> {
              across(content, 780, "Engine coolant capacity", "17.6 liters of the blue one");
              across(content, 766, "Engine oil capacity", "5.7 liters of SAE 5W-30");
              across(content, 752, "Brake fluid by its class", "DOT 4, see also page 7");
            });

    assertThat(text(parse(pdf))).contains("Engine oil capacity 5.7 liters of SAE 5W-30");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Microsoft Word - Draft7_final.docx",
        "untitled",
        "Untitled-1",
        "PowerPoint Presentation",
        "report_v3.indd",
        "C:\\Users\\x\\a.doc",
        "/home/x/a.tex",
        "Document1",
        "  ",
        "Final draft 2.docx"
      })
  void hasNoTitleByAProgram(String title) throws Exception {
    assertThat(parse(pdf(title, List.of("Text"))).sections().get(0).title()).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Microsoft and the web", "Documents of 1848", "Node.js in practice", "Titles"})
  void keepsATitleByAPerson(String title) throws Exception {
    assertThat(parse(pdf(title, List.of("Text"))).sections().get(0).title()).isEqualTo(title);
  }

  @Test
  void cutsATitleThatNoFieldHolds() throws Exception {
    assertThat(
            new Chunker(512).chunks(parse(pdf("é".repeat(3000), List.of("Text")))).get(0).title())
        .hasSize(500);
  }

  @Test
  void leavesOutWhatRepeatsOnEachPage() throws Exception {
    ParsedDocument document =
        parse(
            pdf(
                "Handbook",
                List.of(
                    "ACME Handbook 2024",
                    "The heron waits. In 2023 too.",
                    "Internal",
                    "Page 1 of 3"),
                List.of(
                    "ACME Handbook 2024",
                    "The stork walks. In 2023 too.",
                    "Internal",
                    "Page 2 of 3"),
                List.of(
                    "ACME Handbook 2024",
                    "The kite soars. In 2023 too.",
                    "Internal",
                    "Page 3 of 3")));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::text)
        .containsExactly(
            "ACME Handbook 2024 The heron waits. In 2023 too. Internal",
            "The stork walks. In 2023 too.",
            "The kite soars. In 2023 too.");
  }

  @Test
  void keepsNumberedLinesThatAreNoPageNumbers() throws Exception {
    assertThat(
            text(
                parse(
                    pdf(
                        "Items",
                        List.of("Item 17", "a", "b", "c"),
                        List.of("Item 40", "d"),
                        List.of("Item 3")))))
        .contains("Item 17", "Item 40", "Item 3");
  }

  @Test
  void joinsPartedWordsAndKeepsHyphens() throws Exception {
    assertThat(
            text(
                parse(
                    pdf(
                        "Hyphens",
                        List.of(
                            "A well-",
                            "known and user-",
                            "friendly exam-",
                            "ple of state-of-the-",
                            "art type-",
                            "setting is user-friendly.")))))
        .isEqualTo(
            "A well-known and user-friendly example of state-of-the-art typesetting is user-friendly.");
  }

  @Test
  void boundsWhatOnePageTakes() throws Exception {
    String line = "x".repeat(100);
    ParsedDocument document = parse(pdf("Drawing", java.util.Collections.nCopies(2_001, line)));

    assertThat(document.warnings())
        .extracting(Warning::reason)
        .singleElement()
        .asString()
        .contains("more than 200000 characters", "[1]");
  }

  private static ParsedDocument parse(byte[] pdf) throws InvalidDocument {
    return new PdfParser().parse(pdf, "name");
  }

  private static String text(ParsedDocument document) {
    return new Chunker(512)
        .chunks(document).stream().map(Chunk::text).collect(Collectors.joining("\n\n"));
  }

  private interface Drawing {
    void on(PDPageContentStream content) throws IOException;
  }

  private static void line(PDPageContentStream content, int angle, int down, String text)
      throws IOException {
    double radians = Math.toRadians(angle);
    content.beginText();
    content.setFont(FONT, 11);
    Matrix at = Matrix.getRotateInstance(radians, 300, 400);
    content.setTextMatrix(Matrix.getTranslateInstance(0, -down).multiply(at));
    content.showText(text);
    content.endText();
  }

  private static void at(PDPageContentStream content, int x, int y, String text)
      throws IOException {
    content.beginText();
    content.setFont(FONT, 11);
    content.newLineAtOffset(x, y);
    content.showText(text);
    content.endText();
  }

  private static void across(PDPageContentStream content, int y, String left, String right)
      throws IOException {
    at(content, 60, y, left);
    at(content, 320, y, right);
  }

  private static byte[] drawn(int rotation, Drawing drawing) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      PDPage page = new PDPage();
      page.setRotation(rotation);
      pdf.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
        drawing.on(content);
      }
      return bytes(pdf);
    }
  }

  private static byte[] locked(String owner, String user) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      add(pdf, List.of("Locked text"));
      pdf.protect(new StandardProtectionPolicy(owner, user, new AccessPermission()));
      return bytes(pdf);
    }
  }

  @SafeVarargs
  private static byte[] pdf(String title, List<String>... pages) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      Calendar modified = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
      modified.clear();
      modified.set(2024, Calendar.MAY, 1, 10, 0);
      pdf.getDocumentInformation().setTitle(title);
      pdf.getDocumentInformation().setModificationDate(modified);
      for (List<String> lines : pages) {
        add(pdf, lines);
      }
      return bytes(pdf);
    }
  }

  private static void add(PDDocument pdf, List<String> lines) throws IOException {
    PDPage page = new PDPage();
    pdf.addPage(page);
    try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
      for (int i = 0; i < lines.size(); i++) {
        at(content, 50, 750 - 14 * i, lines.get(i));
      }
    }
  }

  private static byte[] bytes(PDDocument pdf) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pdf.save(bytes);
    return bytes.toByteArray();
  }
}
