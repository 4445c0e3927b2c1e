package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.footnotes.FootnotesExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;

/** CommonMark with the tables and footnotes of GitHub, front matter, and the blocks of sites. */
final class MarkdownParser implements DocumentParser {
  private final Parser parser =
      Parser.builder()
          .extensions(List.of(TablesExtension.create(), FootnotesExtension.create()))
          .build();

  @Override
  public StatedReaders readers(byte[] content) throws InvalidDocument {
    return StatedReaders.of(FrontMatter.of(TextEncoding.decode(content)));
  }

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    FrontMatter frontMatter = FrontMatter.of(TextEncoding.decode(content));
    Declared declared = Declared.of(frontMatter.entries());
    Node document = parser.parse(MarkdownDialects.toCommonMark(frontMatter.text()));
    MarkdownText.simplify(document);
    Outline outline = new Outline();
    new MarkdownBody(outline).read(document);
    String title = declared.title().isEmpty() ? outline.firstTitle() : declared.title();
    List<Warning> warnings = new ArrayList<>(frontMatter.warnings());
    warnings.addAll(declared.warnings());
    return new ParsedDocument(
        declared.metadata(), outline.sections(title.isEmpty() ? name : title), warnings);
  }
}
