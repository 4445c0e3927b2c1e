package org.llmroutes.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.llmroutes.ingest.Block.Prose;

/** The text of a PDF, a section a page, with the number of the page as metadata {@code page}. */
final class PdfParser implements DocumentParser {

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try (PDDocument pdf = Loader.loadPDF(content)) {
      String given = pdf.getDocumentInformation().getTitle();
      List<Section> sections = pages(pdf, given == null || given.isBlank() ? name : given.strip());
      if (sections.isEmpty()) {
        throw new InvalidDocument("has no text; scanned pages need text recognition first");
      }
      return new ParsedDocument(sections);
    } catch (InvalidPasswordException e) {
      throw new InvalidDocument("is protected by a password", e);
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable PDF: " + e.getMessage(), e);
    }
  }

  private static List<Section> pages(PDDocument pdf, String title) throws IOException {
    PDFTextStripper stripper = new PDFTextStripper();
    stripper.setLineSeparator("\n");
    stripper.setParagraphEnd("\n");
    List<Section> pages = new ArrayList<>();
    for (int page = 1; page <= pdf.getNumberOfPages(); page++) {
      stripper.setStartPage(page);
      stripper.setEndPage(page);
      List<Block> paragraphs = new ArrayList<>();
      for (String paragraph : stripper.getText(pdf).split("\\n\\s*\\n")) {
        if (!paragraph.isBlank()) {
          paragraphs.add(new Prose(unwrapped(paragraph)));
        }
      }
      if (!paragraphs.isEmpty()) {
        pages.add(new Section(title, "", paragraphs, Map.of("page", page)));
      }
    }
    return pages;
  }

  private static String unwrapped(String paragraph) {
    return paragraph
        .replace("\0", "")
        .replaceAll("(?<=\\p{L})-\\n(?=\\p{Ll})", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
