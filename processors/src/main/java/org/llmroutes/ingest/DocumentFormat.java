package org.llmroutes.ingest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be read, known by the end of a file's name. */
enum DocumentFormat {
  MARKDOWN(new MarkdownParser(), "md", "markdown", "mdx"),
  HTML(new HtmlParser(), "html", "htm", "xhtml"),
  PDF(new PdfParser(), "pdf"),
  TEXT(new PlainTextParser(), "txt", "text"),
  WORD(new WordParser(), "docx", "docm", "dotx"),
  SLIDES(new SlidesParser(), "pptx", "pptm", "ppsx"),
  WORKBOOK(new WorkbookParser(), "xlsx", "xlsm"),
  CSV(new CsvParser(), "csv", "tsv"),
  EPUB(new EpubParser(), "epub"),
  OPEN_TEXT(new OdtParser(), "odt"),
  OLD_WORD(NotRead.saveAs("a document of Word before 2007", "docx"), "doc", "dot"),
  OLD_WORKBOOK(NotRead.saveAs("a workbook of Excel before 2007", "xlsx"), "xls"),
  BINARY_WORKBOOK(NotRead.saveAs("a binary workbook", "xlsx"), "xlsb"),
  OLD_SLIDES(NotRead.saveAs("a presentation of PowerPoint before 2007", "pptx"), "ppt", "pps"),
  RICH_TEXT(NotRead.saveAs("rich text", "docx"), "rtf"),
  OPEN_WORKBOOK(NotRead.saveAs("a workbook of LibreOffice", "xlsx"), "ods"),
  OPEN_SLIDES(NotRead.saveAs("a presentation of LibreOffice", "pptx"), "odp");

  private final DocumentParser parser;
  private final Set<String> extensions;

  DocumentFormat(DocumentParser parser, String... extensions) {
    this.parser = parser;
    this.extensions = Set.of(extensions);
  }

  static Optional<DocumentFormat> of(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(f -> f.extensions.contains(extension)).findFirst();
  }

  /** Whatever a parser stumbles over is a matter of that one file. */
  ParsedDocument parse(String file, byte[] content) throws InvalidDocument {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return parsed(() -> parser.parse(content, dot > 0 ? name.substring(0, dot) : name));
  }

  /** The same of what it says of its readers. */
  StatedReaders readers(byte[] content) throws InvalidDocument {
    return parsed(() -> parser.readers(content));
  }

  private interface Parsing<T> {
    T parse() throws InvalidDocument;
  }

  private static <T> T parsed(Parsing<T> parsing) throws InvalidDocument {
    try {
      return parsing.parse();
    } catch (RuntimeException e) {
      throw new InvalidDocument("cannot be parsed: " + e, e);
    }
  }
}
