package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.sl.usermodel.Placeholder;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTable;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xslf.usermodel.XSLFTextParagraph;
import org.apache.poi.xslf.usermodel.XSLFTextShape;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFFootnote;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** What people write with word processors, presentations, spreadsheets, and read as books. */
class OfficeParserTest {

  private interface Content<T> {
    void into(T document) throws IOException;
  }

  private interface Written {
    void write(OutputStream out) throws IOException;
  }

  @Test
  void readsWordByItsStyles() throws Exception {
    ParsedDocument document =
        parse(
            "guide.docx",
            word(
                word -> {
                  word.getProperties()
                      .getCoreProperties()
                      .setModified(Optional.of(Date.from(Instant.parse("2024-05-01T10:00:00Z"))));
                  style(word, "Titel", "Title", null);
                  style(word, "berschrift1", "heading 1", null);
                  style(word, "Eigene", "Our Heading", "berschrift1");
                  style(word, "Code", "Code", null);
                  style(word, "Verzeichnis1", "toc 1", null);
                  style(word, "Beschriftung", "caption", null);
                  paragraph(word, "Titel", "Heron guide");
                  paragraph(word, "Verzeichnis1", "Feeding 1");
                  paragraph(word, "berschrift1", "Feeding");
                  paragraph(word, null, "Herons\u00a0eat  fish.")
                      .addFootnoteReference(note(word, "Small ones."));
                  item(word, 0, "carp");
                  item(word, 1, "young");
                  paragraph(word, "Beschriftung", "Table 1: Fees");
                  XWPFTable table = word.createTable(2, 2);
                  cell(table, 0, 0, "bird");
                  cell(table, 0, 1, "fee");
                  cell(table, 1, 0, "heron");
                  cell(table, 1, 1, "3");
                  paragraph(word, "Eigene", "Code");
                  paragraph(word, "Code", "if x:");
                  paragraph(word, "Code", "  y()");
                  var run = paragraph(word, null, "Kept.").getCTP().addNewDel().addNewR();
                  run.addNewDelText().setStringValue("Deleted.");
                }));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(
            tuple(
                "Heron guide > Feeding",
                "Herons eat fish. [1: Small ones.]\n\n- carp\n  - young\n\nTable 1: Fees\n| bird | fee |\n|---|---|\n| heron | 3 |"),
            tuple("Heron guide > Code", "```\nif x:\n  y()\n```\n\nKept."));
    assertThat(document.metadata()).containsEntry("modified", "2024-05-01T10:00:00Z");
  }

  @Test
  void readsWordInsideOfControls() throws Exception {
    byte[] docx =
        word(
            word -> {
              paragraph(word, null, "Before.");
              var control = word.getDocument().getBody().addNewSdt().addNewSdtContent();
              control.addNewP().addNewR().addNewT().setStringValue("In a control.");
              paragraph(word, null, "After.");
            });

    assertThat(text("a.docx", docx)).isEqualTo("Before.\n\nIn a control.\n\nAfter.");
  }

  @Test
  void leavesOutWordsThatWordHides() throws Exception {
    byte[] docx =
        word(
            word -> {
              XWPFParagraph paragraph = word.createParagraph();
              paragraph.createRun().setText("Seen.");
              XWPFRun hidden = paragraph.createRun();
              hidden.setVanish(true);
              hidden.setText(" Hidden.");
              XWPFRun linked = paragraph.createHyperlinkRun("https://example.org");
              linked.setVanish(true);
              linked.setText(" Linked.");
              paragraph.createRun().setText(" Seen too.");
            });

    assertThat(text("a.docx", docx)).isEqualTo("Seen. Seen too.");
  }

  @Test
  void readsSlidesAsPagesWithNotes() throws Exception {
    ParsedDocument document =
        parse(
            "deck.pptx",
            slides(
                show -> {
                  XSLFSlide slide =
                      show.createSlide(
                          show.getSlideMasters().get(0).getLayout("Title and Content"));
                  slide.getPlaceholder(0).setText("Herons");
                  XSLFTextShape body = slide.getPlaceholder(1);
                  body.clearText();
                  bullet(body, 0, "wade");
                  bullet(body, 1, "slowly");
                  XSLFTable table = slide.createTable(2, 2);
                  table.getCell(0, 0).setText("bird");
                  table.getCell(0, 1).setText("fee");
                  table.getCell(1, 0).setText("heron");
                  table.getCell(1, 1).setText("3");
                  XSLFSlide second = show.createSlide();
                  XSLFTextBox box = second.createTextBox();
                  box.setText("Only a box.");
                  for (XSLFTextShape shape : show.getNotesSlide(second).getPlaceholders()) {
                    if (shape.getTextType() == Placeholder.BODY) {
                      shape.setText("Said aloud.");
                    }
                  }
                }));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body, chunk -> chunk.metadata().get("page"))
        .containsExactly(
            tuple(
                "deck > Herons",
                "- wade\n  - slowly\n\n| bird | fee |\n|---|---|\n| heron | 3 |",
                1),
            tuple("deck", "Only a box.\n\nSaid aloud.", 2));
  }

  @Test
  void readsSheetsByTheirHeadingRows() throws Exception {
    ParsedDocument document =
        parse(
            "fees.xlsx",
            workbook(
                book -> {
                  Sheet sheet = book.createSheet("Fees");
                  row(sheet, 0, "Fees of the colony");
                  row(sheet, 2, "bird", "fee", "since");
                  Row heron = row(sheet, 3, "heron", 3.5);
                  CellStyle date = book.createCellStyle();
                  date.setDataFormat((short) 14);
                  heron.createCell(2).setCellValue(LocalDate.of(2024, 5, 31));
                  heron.getCell(2).setCellStyle(date);
                  row(sheet, 5, "stork", 4.0);
                  row(book.createSheet("Notes"), 0, "Ask the warden.");
                  book.createSheet("Empty");
                }));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(
            tuple(
                "fees > Fees",
                "Fees of the colony\n\n| bird | fee | since |\n|---|---|---|\n| heron | 3.5 | 2024-05-31 |"
                    + "\n\n| bird | fee | since |\n|---|---|---|\n| stork | 4 |"),
            tuple("fees > Notes", "Ask the warden."));
    assertThat(document.warnings()).isEmpty();
  }

  @Test
  void boundsWhatIsReadOfAWorkbook() throws Exception {
    Outline outline = new Outline();
    SheetRows rows = new SheetRows(outline, 10);
    for (int row = 0; row < 3; row++) {
      rows.startRow(row);
      rows.cell("A" + (row + 1), "heron", null);
      rows.cell("B" + (row + 1), "x", null);
      rows.endRow(row);
    }
    rows.endSheet();

    assertThat(rows.warnings()).extracting(Warning::leftOut).containsExactly(true);
    assertThat(outline.sections("a").toString())
        .contains("heron")
        .doesNotContain("heron | x | heron");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void readsCsvByWhateverSeparates(String separator) throws Exception {
    String csv =
        "\uFEFFname;what;note\r\nheron;\"wades, slowly\";\"two\r\nlines\"\r\n;;\r\nstork;\"says \"\"clap\"\"\";-\r\n"
            .replace(";", separator);

    assertThat(text("birds.csv", csv.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            "| name | what | note |\n|---|---|---|\n| heron | wades, slowly | two lines |\n"
                + "| stork | says \"clap\" | - |");
  }

  @Test
  void readsCsvWithQuotesThatAreNone() throws Exception {
    assertThat(
            text(
                "a.tsv",
                "size\tname\n5\"\tnet\n\"6\" inch\tpole\n".getBytes(StandardCharsets.UTF_8)))
        .contains("| 5\" | net |", "6\" inch", "pole");
    assertThat(text("a.csv", "sep=;\na;b\n1;2\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("| a | b |\n|---|---|\n| 1 | 2 |");
  }

  @Test
  void readsBooksInTheirOrder() throws Exception {
    ParsedDocument book =
        parse(
            "book.epub",
            zip(
                Map.of(
                    "META-INF/container.xml",
                    "<container><rootfiles><rootfile full-path='OEBPS/a.opf'/></rootfiles></container>",
                    "OEBPS/a.opf",
                    """
                    <package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Wetlands</dc:title>
                    <meta property="dcterms:modified">2024-05-01T10:00:00Z</meta></metadata><manifest>
                    <item id="n" href="nav.xhtml" properties="nav"/><item id="a" href="one.xhtml"/>
                    <item id="b" href="text/two.xhtml"/></manifest>
                    <spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>
                    """,
                    "OEBPS/nav.xhtml",
                    "<html><body><nav>Contents</nav></body></html>",
                    "OEBPS/one.xhtml",
                    "<?xml version='1.0' encoding='utf-8'?><html><body><h1>Storks</h1><p>Roofs.</p></body></html>",
                    "OEBPS/text/two.xhtml",
                    "<html><body><h1>Herons</h1><p>Reeds.</p></body></html>")));

    assertThat(new Chunker(512).chunks(book))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(
            tuple("Wetlands > Herons", "Reeds."), tuple("Wetlands > Storks", "Roofs."));
    assertThat(book.metadata()).containsEntry("modified", "2024-05-01T10:00:00Z");
  }

  @Test
  void readsOpenDocumentText() throws Exception {
    byte[] odt =
        zip(
            Map.of(
                "content.xml",
                """
                <office:document-content><office:body><office:text>
                <text:h text:outline-level="1">Guide</text:h><text:p>Herons<text:s/>eat <text:span>fish</text:span>.</text:p>
                <text:list><text:list-item><text:p>carp</text:p><text:list><text:list-item><text:p>young</text:p>
                </text:list-item></text:list></text:list-item></text:list>
                <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>
                <text:p>b</text:p></table:table-cell></table:table-row></table:table>
                </office:text></office:body></office:document-content>
                """));

    assertThat(text("a.odt", odt))
        .isEqualTo("Guide\n\nHerons eat fish.\n\n- carp\n  - young\n\n| a | b |");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.doc", "a.xls", "a.ppt"})
  void saysHowAnOldFileIsRead(String name) {
    assertThatThrownBy(() -> parse(name, new byte[0]))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("before 2007")
        .hasMessageContaining("save it as ." + name.substring(2) + "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.docx", "a.pptx", "a.xlsx", "a.epub", "a.odt"})
  void namesWhatCannotBeOpened(String name) throws Exception {
    assertThatThrownBy(() -> parse(name, "no zip".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("save it again");
  }

  @Test
  void boundsWhatAZipFileUnfoldsTo() throws Exception {
    byte[] bomb = bomb();

    for (String name : List.of("a.docx", "a.epub")) {
      assertThatThrownBy(() -> parse(name, bomb))
          .isInstanceOf(InvalidDocument.class)
          .hasMessageContaining("too large");
    }
  }

  @Test
  void namesAPasswordAndAnOldFileUnderANewName() throws Exception {
    assertThatThrownBy(() -> parse("a.docx", encrypted()))
        .isInstanceOf(InvalidDocument.class)
        .hasMessage("is protected by a password");
    try (POIFSFileSystem old = new POIFSFileSystem()) {
      byte[] bytes = bytes(old::writeFilesystem);
      assertThatThrownBy(() -> parse("a.xlsx", bytes))
          .isInstanceOf(InvalidDocument.class)
          .hasMessageContaining("old Office");
    }
  }

  private static void style(XWPFDocument word, String id, String name, String basis) {
    CTStyle style = CTStyle.Factory.newInstance();
    style.setStyleId(id);
    style.setType(STStyleType.PARAGRAPH);
    style.addNewName().setVal(name);
    if (basis != null) {
      style.addNewBasedOn().setVal(basis);
    }
    word.createStyles().addStyle(new XWPFStyle(style));
  }

  private static XWPFParagraph paragraph(XWPFDocument word, String style, String text) {
    XWPFParagraph paragraph = word.createParagraph();
    if (style != null) {
      paragraph.setStyle(style);
    }
    paragraph.createRun().setText(text);
    return paragraph;
  }

  private static XWPFFootnote note(XWPFDocument word, String text) {
    XWPFFootnote note = word.createFootnote();
    note.createParagraph().createRun().setText(text);
    return note;
  }

  private static void item(XWPFDocument word, int level, String text) {
    XWPFParagraph item = paragraph(word, null, text);
    item.setNumID(BigInteger.ONE);
    item.setNumILvl(BigInteger.valueOf(level));
  }

  private static void cell(XWPFTable table, int row, int column, String text) {
    table.getRow(row).getCell(column).setText(text);
  }

  private static void bullet(XSLFTextShape shape, int level, String text) {
    XSLFTextParagraph paragraph = shape.addNewTextParagraph();
    paragraph.setIndentLevel(level);
    paragraph.setBullet(true);
    paragraph.addNewTextRun().setText(text);
  }

  private static Row row(Sheet sheet, int number, Object... cells) {
    Row row = sheet.createRow(number);
    for (int column = 0; column < cells.length; column++) {
      if (cells[column] instanceof Double value) {
        row.createCell(column).setCellValue(value);
      } else {
        row.createCell(column).setCellValue((String) cells[column]);
      }
    }
    return row;
  }

  private static byte[] word(Content<XWPFDocument> content) throws IOException {
    try (XWPFDocument word = new XWPFDocument()) {
      content.into(word);
      return bytes(word::write);
    }
  }

  private static byte[] slides(Content<XMLSlideShow> content) throws IOException {
    try (XMLSlideShow show = new XMLSlideShow()) {
      content.into(show);
      return bytes(show::write);
    }
  }

  private static byte[] workbook(Content<XSSFWorkbook> content) throws IOException {
    try (XSSFWorkbook book = new XSSFWorkbook()) {
      content.into(book);
      return bytes(book::write);
    }
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    return bytes(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
              zip.putNextEntry(new ZipEntry(file.getKey()));
              zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
          }
        });
  }

  private static byte[] bomb() throws IOException {
    byte[] zeros = new byte[1 << 20];
    return bytes(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("content.xml"));
            for (int i = 0; i < 600; i++) {
              zip.write(zeros);
            }
          }
        });
  }

  private static byte[] encrypted() throws Exception {
    try (POIFSFileSystem files = new POIFSFileSystem()) {
      Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
      encryptor.confirmPassword("secret");
      try (OutputStream out = encryptor.getDataStream(files)) {
        out.write(word(word -> {}));
      }
      return bytes(files::writeFilesystem);
    }
  }

  private static byte[] bytes(Written content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.write(bytes);
    return bytes.toByteArray();
  }

  private static String text(String name, byte[] content) throws InvalidDocument {
    return new Chunker(512)
        .chunks(parse(name, content)).stream().map(Chunk::text).collect(Collectors.joining("\n\n"));
  }

  private static ParsedDocument parse(String name, byte[] content) throws InvalidDocument {
    return DocumentFormat.of(name).orElseThrow().parse(name, content);
  }
}
