package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import org.llmroutes.llm.TokenEstimate;

/**
 * Makes chunks of a document: never across headings, blocks whole where they fit. A chunk is at
 * most {@value #MAX_TOKENS} estimated tokens, so that an embedding model that takes 512 reads all
 * of it even where the estimate is half of the truth.
 */
final class Chunker {
  /** Goes up with every change that makes other chunks of the same file. */
  static final int VERSION = 2;

  static final int MAX_TOKENS = 250;

  private Chunker() {}

  static List<Chunk> chunks(ParsedDocument document) {
    List<Chunk> chunks = new ArrayList<>();
    for (Section section : document.sections()) {
      for (String body : bodies(section.blocks())) {
        chunks.add(
            new Chunk(chunks.size(), section.title(), section.heading(), body, section.metadata()));
      }
    }
    return chunks;
  }

  private static List<String> bodies(List<Block> blocks) {
    List<String> bodies = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (Block block : blocks) {
      for (String piece : Cutting.pieces(block, MAX_TOKENS)) {
        if (!body.isEmpty() && TokenEstimate.of(body + piece) > MAX_TOKENS) {
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
}
