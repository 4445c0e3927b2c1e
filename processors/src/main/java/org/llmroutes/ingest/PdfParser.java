package org.llmroutes.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.llmroutes.ingest.Block.Prose;
import org.llmroutes.retrieval.ModificationDate;

/**
 * The text of a PDF, a section a page, with the number of the page as metadata {@code page}. One
 * that is encrypted and opens without a password is read.
 */
final class PdfParser implements DocumentParser {

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try (PDDocument pdf = Loader.loadPDF(content)) {
      PdfText text = new PdfText();
      List<List<String>> pages = new ArrayList<>();
      for (int page = 1; page <= pdf.getNumberOfPages(); page++) {
        pages.add(text.lines(pdf, page));
      }
      String title = GivenTitle.or(pdf.getDocumentInformation().getTitle(), name);
      List<Section> sections = sections(RunningLines.removed(pages), title);
      if (sections.isEmpty()) {
        throw new InvalidDocument("has no text; scanned pages need text recognition first");
      }
      return new ParsedDocument(
          modified(pdf.getDocumentInformation().getModificationDate()),
          sections,
          warnings(pages, text.cutPages()));
    } catch (InvalidPasswordException e) {
      throw new InvalidDocument("is protected by a password", e);
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable PDF: " + e.getMessage(), e);
    }
  }

  private static List<Section> sections(List<List<String>> pages, String title) {
    Hyphenation hyphenation = new Hyphenation(pages.stream().flatMap(List::stream).toList());
    List<Section> sections = new ArrayList<>();
    for (int page = 0; page < pages.size(); page++) {
      List<Block> paragraphs = new ArrayList<>();
      for (String paragraph : String.join("\n", pages.get(page)).split("\\n\\s*\\n")) {
        if (!paragraph.isBlank()) {
          paragraphs.add(new Prose(hyphenation.unwrapped(paragraph)));
        }
      }
      if (!paragraphs.isEmpty()) {
        sections.add(new Section(title, "", paragraphs, Map.of(Metadata.PAGE, page + 1)));
      }
    }
    return sections;
  }

  private static Map<String, Object> modified(Calendar date) {
    return date == null ? Map.of() : Map.of(ModificationDate.FIELD, date.toInstant().toString());
  }

  private static List<Warning> warnings(List<List<String>> pages, List<Integer> cut) {
    List<Warning> warnings = new ArrayList<>();
    long empty = pages.stream().filter(List::isEmpty).count();
    if (empty > 0) {
      warnings.add(
          new Warning(
              "has %d of %d pages without text; scanned pages need text recognition first"
                  .formatted(empty, pages.size()),
              true));
    }
    if (!cut.isEmpty()) {
      warnings.add(
          new Warning(
              "has pages with more than %d characters, of which the rest was left out: %s"
                  .formatted(PdfText.MAX_GLYPHS, cut),
              true));
    }
    return warnings;
  }
}
