package org.llmroutes.ingest;

import java.util.List;
import org.llmroutes.ingest.Block.Lines;

/** Text without markup: paragraphs between blank lines. */
final class PlainTextParser implements DocumentParser {
  private static final int WRAPPED = 40;

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    Outline outline = new Outline();
    String text = TextEncoding.decode(content).replaceAll("\\r\\n?", "\n");
    Hyphenation hyphenation = new Hyphenation(text.lines().toList());
    for (String paragraph : text.split("\\n\\h*\\n\\s*(?<=\\n)")) {
      List<String> lines = paragraph.stripTrailing().lines().toList();
      if (isWrapped(lines)) {
        outline.prose(hyphenation.unwrapped(paragraph));
      } else {
        outline.lines(Lines.list(lines));
      }
    }
    return new ParsedDocument(outline.sections(name));
  }

  /** Short lines are lists, verses or tables, whose breaks mean something. */
  private static boolean isWrapped(List<String> lines) {
    return lines.stream().limit(Math.max(0, lines.size() - 1)).allMatch(l -> l.length() >= WRAPPED);
  }
}
