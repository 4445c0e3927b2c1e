package org.llmroutes.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;

/**
 * Reads the text of pages. Text that is set at an angle is read after the upright one, each angle
 * by itself and as if the page were turned, because letters below each other are lines to PDFBox.
 */
final class PdfText extends PDFTextStripper {
  /** Of one page; what is above is drawing rather than reading, and each one takes memory. */
  static final int MAX_GLYPHS = 200_000;

  /** Degrees that a scanned page may be askew. */
  private static final int ASKEW = 5;

  /** Letters at an angle of their own are set along a curve, and make no words. */
  private static final int FEWEST_TURNED = 3;

  private final TreeMap<Integer, List<TextPosition>> turned = new TreeMap<>();
  private final List<Integer> cutPages = new ArrayList<>();
  private int glyphs;

  PdfText() {
    setLineSeparator("\n");
    setParagraphEnd("\n");
  }

  /**
   * The lines of a page, with blank ones between paragraphs; none where it has no text.
   *
   * @param page from 1
   */
  List<String> lines(PDDocument pdf, int page) throws IOException {
    turned.clear();
    glyphs = 0;
    setStartPage(page);
    setEndPage(page);
    String text = getText(pdf).replace("\0", "").strip();
    if (glyphs > MAX_GLYPHS) {
      cutPages.add(page);
    }
    return text.lines().toList();
  }

  /** Pages of which a part was not read. */
  List<Integer> cutPages() {
    return cutPages;
  }

  @Override
  protected void processTextPosition(TextPosition glyph) {
    if (++glyphs > MAX_GLYPHS) {
      return;
    }
    int angle = angle(glyph);
    if (angle <= ASKEW || angle >= 360 - ASKEW) {
      super.processTextPosition(glyph);
    } else {
      turned.computeIfAbsent(angle, any -> new ArrayList<>()).add(glyph);
    }
  }

  /** Degrees by which it is turned on the page as that is shown, from 0 to 359. */
  private static int angle(TextPosition glyph) {
    Matrix matrix = glyph.getTextMatrix();
    double angle = Math.toDegrees(Math.atan2(matrix.getShearY(), matrix.getScaleX()));
    return Math.floorMod(Math.round(angle) - glyph.getRotation(), 360);
  }

  @Override
  protected void writePage() throws IOException {
    writeArticles();
    for (List<TextPosition> letters : turned.values()) {
      if (letters.size() >= FEWEST_TURNED) {
        charactersByArticle.forEach(List::clear);
        Matrix back = back(letters.get(0));
        letters.forEach(letter -> super.processTextPosition(turned(letter, back)));
        output.write(getLineSeparator() + getLineSeparator());
        writeArticles();
      }
    }
  }

  private void writeArticles() throws IOException {
    charactersByArticle.replaceAll(PdfColumns::inReadingOrder);
    super.writePage();
  }

  private static Matrix back(TextPosition letter) {
    Matrix matrix = letter.getTextMatrix();
    return Matrix.getRotateInstance(-Math.atan2(matrix.getShearY(), matrix.getScaleX()), 0, 0);
  }

  private static TextPosition turned(TextPosition letter, Matrix back) {
    Matrix upright = letter.getTextMatrix().multiply(back);
    Matrix end = Matrix.getTranslateInstance(letter.getEndX(), letter.getEndY()).multiply(back);
    return new TextPosition(
        0,
        letter.getPageWidth(),
        letter.getPageHeight(),
        upright,
        end.getTranslateX(),
        end.getTranslateY(),
        letter.getHeight(),
        end.getTranslateX() - upright.getTranslateX(),
        letter.getWidthOfSpace(),
        letter.getUnicode(),
        letter.getCharacterCodes(),
        letter.getFont(),
        letter.getFontSize(),
        (int) letter.getFontSizeInPt());
  }
}
