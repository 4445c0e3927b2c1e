package org.llmroutes.ingest;

import java.io.IOException;
import java.util.List;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/** Documents of Word ({@code docx}). */
final class WordParser implements DocumentParser {

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try {
      OfficePackage file = OfficePackage.open(content);
      try (XWPFDocument document = new XWPFDocument(file.parts())) {
        Outline outline = new Outline();
        new WordBody(document, outline).read();
        String title = file.title(outline.firstTitle().isEmpty() ? name : outline.firstTitle());
        return new ParsedDocument(file.metadata(), outline.sections(title), List.of());
      }
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable Word document: " + e.getMessage(), e);
    }
  }
}
