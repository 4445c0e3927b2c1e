package org.llmroutes.ingest;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.ingest.Block.Prose;
import org.llmroutes.llm.TokenEstimate;

/** Cuts what is larger than a chunk: prose between sentences, the rest between lines. */
final class Cutting {
  private Cutting() {}

  /** The block as one text, or as several of about the same size, none over {@code max} tokens. */
  static List<String> pieces(Block block, int max) {
    if (block instanceof Lines lines) {
      return lines(lines, max);
    }
    String text = ((Prose) block).text();
    return TokenEstimate.of(text) <= max ? List.of(text) : join(sentences(text), " ", max);
  }

  private static List<String> lines(Lines block, int max) {
    int frame = TokenEstimate.of(block.head() + block.tail()) + 1;
    if (frame > max / 2) {
      List<String> all = new ArrayList<>(block.head().lines().toList());
      all.addAll(block.lines());
      return join(all, "\n", max);
    }
    List<String> pieces =
        block.lines().isEmpty() ? List.of("") : join(block.lines(), "\n", max - frame);
    return pieces.stream().map(piece -> framed(block, piece)).toList();
  }

  private static String framed(Lines block, String piece) {
    return (block.head().isEmpty() ? "" : block.head() + "\n")
        + piece
        + (block.tail().isEmpty() ? "" : "\n" + block.tail());
  }

  private static List<String> join(List<String> units, String separator, int max) {
    List<String> small = units.stream().flatMap(unit -> fitting(unit, max).stream()).toList();
    int total = small.stream().mapToInt(TokenEstimate::of).sum();
    int parts = Math.max(1, (total + max - 1) / max);
    int aim = (total + parts - 1) / parts;
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    int size = 0;
    for (String unit : small) {
      int tokens = TokenEstimate.of(unit);
      if (!piece.isEmpty() && (size >= aim || size + tokens > max)) {
        pieces.add(piece.toString());
        piece.setLength(0);
        size = 0;
      }
      piece.append(piece.isEmpty() ? "" : separator).append(unit);
      size += tokens;
    }
    pieces.add(piece.toString());
    return pieces;
  }

  /** A single sentence or line too large for any chunk is cut between words, or anywhere. */
  private static List<String> fitting(String unit, int max) {
    List<String> parts = new ArrayList<>();
    String rest = unit;
    while (TokenEstimate.of(rest) > max) {
      String part = TokenEstimate.cut(rest, max);
      int space = part.lastIndexOf(' ');
      if (space > part.length() / 2) {
        part = part.substring(0, space);
      }
      parts.add(part);
      rest = rest.substring(part.length()).stripLeading();
    }
    parts.add(rest);
    return parts;
  }

  private static List<String> sentences(String text) {
    BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
    boundaries.setText(text);
    List<String> sentences = new ArrayList<>();
    int from = boundaries.first();
    for (int to = boundaries.next(); to != BreakIterator.DONE; to = boundaries.next()) {
      sentences.add(text.substring(from, to).strip());
      from = to;
    }
    return sentences;
  }
}
