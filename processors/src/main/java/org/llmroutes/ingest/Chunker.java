package org.llmroutes.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes chunks of a document: never across headings, blocks whole where they fit. None is larger
 * than {@link ChunkSize#FULL}, so that the embedding model reads all of it.
 */
final class Chunker {
  /** Goes up with every change that makes other chunks of the same file. */
  static final int VERSION = 3;

  private static final int TITLE_LENGTH = 500;

  private final int inputTokens;

  /**
   * @param inputTokens what the embedding model takes at once
   */
  Chunker(int inputTokens) {
    this.inputTokens = inputTokens;
  }

  List<Chunk> chunks(ParsedDocument document) {
    List<Chunk> chunks = new ArrayList<>();
    for (Section section : document.sections()) {
      String title = cut(section.title());
      String heading = cut(section.heading());
      for (String body : bodies(section.blocks(), ChunkSize.below(title, inputTokens))) {
        chunks.add(chunk(title, heading, body, section));
      }
    }
    return chunks;
  }

  /** Smaller chunks that together say what this one does; itself where it cannot be cut. */
  List<Chunk> halves(Chunk chunk) {
    return new Cutting(ChunkSize.below(chunk.title(), inputTokens))
        .halves(chunk.body()).stream().map(chunk::withBody).toList();
  }

  private Chunk chunk(String title, String heading, String body, Section section) {
    String embedded = ChunkSize.embedded(title, inputTokens);
    return new Chunk(title, embedded, heading, wellFormed(body), section.metadata());
  }

  private static List<String> bodies(List<Block> blocks, ChunkSize size) {
    Cutting cutting = new Cutting(size);
    List<String> bodies = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (Block block : blocks) {
      for (String piece : cutting.pieces(block)) {
        if (!body.isEmpty() && size.of(body + piece) > ChunkSize.FULL) {
          bodies.add(body.toString());
          body.setLength(0);
        }
        body.append(body.isEmpty() ? "" : "\n\n").append(piece);
      }
    }
    if (!body.isEmpty()) {
      bodies.add(body.toString());
    }
    return bodies;
  }

  /** Short enough for the schema, whose bytes are at most four a character. */
  private static String cut(String title) {
    String whole = wellFormed(title);
    return whole.codePointCount(0, whole.length()) <= TITLE_LENGTH
        ? whole
        : whole.substring(0, whole.offsetByCodePoints(0, TITLE_LENGTH));
  }

  /** Half a surrogate pair, which an entity or an escape can make, is no character of any JSON. */
  private static String wellFormed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
