package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pdfbox.text.TextPosition;

/**
 * Puts columns of text after each other where a page draws them line by line across. Tables, which
 * look alike, are left as they are: their cells seldom begin in the middle of a sentence.
 */
final class PdfColumns {
  private static final int FEWEST_LINES = 3;
  private static final int FEWEST_LETTERS = 12;
  private static final double MIDDLE_OF_SENTENCE = 0.3;

  private PdfColumns() {}

  /** Letters that were drawn after each other on one line. */
  private record Line(List<TextPosition> letters) {

    Gap gapIn(Gap wanted) {
      for (int i = 1; i < letters.size(); i++) {
        TextPosition before = letters.get(i - 1);
        Gap gap = new Gap(before.getX() + before.getWidth(), letters.get(i).getX());
        if (gap.isGutter(before.getWidthOfSpace())
            && gap.and(wanted).isGutter(before.getWidthOfSpace())) {
          return gap.and(wanted);
        }
      }
      return null;
    }

    List<TextPosition> before(Gap gap) {
      return letters.stream().filter(letter -> letter.getX() < gap.to()).toList();
    }

    List<TextPosition> after(Gap gap) {
      return letters.stream().filter(letter -> letter.getX() >= gap.to()).toList();
    }
  }

  private record Gap(float from, float to) {
    static final Gap ANYWHERE = new Gap(-Float.MAX_VALUE, Float.MAX_VALUE);

    boolean isGutter(float space) {
      return to - from > 2 * Math.max(space, 2);
    }

    Gap and(Gap other) {
      return new Gap(Math.max(from, other.from), Math.min(to, other.to));
    }
  }

  static List<TextPosition> inReadingOrder(List<TextPosition> letters) {
    List<Line> lines = lines(letters);
    List<TextPosition> ordered = new ArrayList<>();
    int next = 0;
    while (next < lines.size()) {
      next = addBand(lines, next, ordered);
    }
    return ordered;
  }

  private static List<Line> lines(List<TextPosition> letters) {
    List<Line> lines = new ArrayList<>();
    TextPosition last = null;
    for (TextPosition letter : letters) {
      boolean goesOn =
          last != null
              && Math.abs(letter.getY() - last.getY()) < last.getHeight() / 2
              && letter.getX() >= last.getX();
      if (!goesOn) {
        lines.add(new Line(new ArrayList<>()));
      }
      lines.get(lines.size() - 1).letters().add(letter);
      last = letter;
    }
    return lines;
  }

  /** Adds the lines from one on that share a gutter, else that one; returns where to go on. */
  private static int addBand(List<Line> lines, int first, List<TextPosition> ordered) {
    Gap gutter = Gap.ANYWHERE;
    int end = first;
    for (Gap gap; end < lines.size() && (gap = lines.get(end).gapIn(gutter)) != null; end++) {
      gutter = gap;
    }
    List<List<TextPosition>> left = new ArrayList<>();
    List<List<TextPosition>> right = new ArrayList<>();
    for (Line line : lines.subList(first, end)) {
      left.add(line.before(gutter));
      right.add(line.after(gutter));
    }
    if (isProse(left) && isProse(right)) {
      left.forEach(ordered::addAll);
      ordered.addAll(inReadingOrder(right.stream().flatMap(List::stream).toList()));
      return end;
    }
    ordered.addAll(lines.get(first).letters());
    return first + 1;
  }

  private static boolean isProse(List<List<TextPosition>> lines) {
    List<String> texts =
        lines.stream()
            .map(l -> l.stream().map(TextPosition::getUnicode).collect(Collectors.joining()))
            .filter(text -> !text.isBlank())
            .toList();
    long goOn = texts.stream().filter(t -> Character.isLowerCase(t.strip().codePointAt(0))).count();
    return texts.size() >= FEWEST_LINES
        && texts.stream().mapToInt(String::length).sum() >= FEWEST_LETTERS * texts.size()
        && goOn >= MIDDLE_OF_SENTENCE * texts.size();
  }
}
