package org.llmroutes.ingest;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.ingest.Block.Prose;

/** Cuts what is larger than a chunk: prose between sentences, the rest between lines. */
final class Cutting {
  private final ChunkSize size;

  Cutting(ChunkSize size) {
    this.size = size;
  }

  /** The block as one text, or as several of about the same size, none larger than a chunk. */
  List<String> pieces(Block block) {
    if (block instanceof Lines lines) {
      return lines(lines);
    }
    String text = ((Prose) block).text();
    return size.of(text) <= ChunkSize.FULL
        ? List.of(text)
        : join(sentences(text), " ", ChunkSize.FULL);
  }

  /** A text in two or more pieces: between its lines, else its sentences, else its words. */
  List<String> halves(String text) {
    int half = Math.max(1, size.of(text) / 2);
    return text.indexOf('\n') >= 0
        ? join(text.lines().toList(), "\n", half)
        : join(sentences(text), " ", half);
  }

  private List<String> lines(Lines block) {
    int frame = size.of(block.head() + block.tail()) + 1;
    if (frame > ChunkSize.FULL / 2) {
      List<String> all = new ArrayList<>(block.head().lines().toList());
      all.addAll(block.lines());
      return join(all, "\n", ChunkSize.FULL);
    }
    List<String> pieces =
        block.lines().isEmpty() ? List.of("") : join(block.lines(), "\n", ChunkSize.FULL - frame);
    return pieces.stream().map(piece -> framed(block, piece)).toList();
  }

  private static String framed(Lines block, String piece) {
    return (block.head().isEmpty() ? "" : block.head() + "\n")
        + piece
        + (block.tail().isEmpty() ? "" : "\n" + block.tail());
  }

  private List<String> join(List<String> units, String separator, int max) {
    List<String> small = new ArrayList<>();
    units.forEach(unit -> addFitting(unit, max, small));
    long total = small.stream().mapToLong(size::of).sum();
    long parts = Math.max(1, (total + max - 1) / max);
    long aim = (total + parts - 1) / parts;
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    int filled = 0;
    for (String unit : small) {
      int more = size.of(unit);
      if (!piece.isEmpty() && (filled >= aim || filled + more > max)) {
        pieces.add(piece.toString());
        piece.setLength(0);
        filled = 0;
      }
      piece.append(piece.isEmpty() ? "" : separator).append(unit);
      filled += more;
    }
    pieces.add(piece.toString());
    return pieces;
  }

  /**
   * A single sentence or line too large for any chunk is cut between words, or anywhere. Looks no
   * further than a piece reaches, because a line may have millions of characters.
   */
  private void addFitting(String unit, int max, List<String> fitting) {
    int reach = ChunkSize.characters(max) + 1;
    int from = 0;
    while (true) {
      String ahead = unit.substring(from, Math.min(unit.length(), from + reach));
      String part = size.cut(ahead, max);
      if (from + part.length() == unit.length()) {
        fitting.add(part);
        return;
      }
      int space = part.lastIndexOf(' ');
      if (space > part.length() / 2) {
        part = part.substring(0, space);
      }
      fitting.add(part);
      from += part.length();
      while (from < unit.length() && Character.isWhitespace(unit.charAt(from))) {
        from++;
      }
    }
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
