package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;
import org.jsoup.Jsoup;
import org.llmroutes.ingest.Block.Lines;

/** CommonMark with the tables of GitHub and YAML front matter. */
final class MarkdownParser implements DocumentParser {
  private final Parser parser =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    FrontMatter frontMatter = FrontMatter.of(TextEncoding.decode(content));
    Declared declared = Declared.of(frontMatter.entries());
    Node document = parser.parse(frontMatter.text());
    MarkdownText.simplify(document);
    Outline outline = new Outline();
    children(document, outline, new HeadingAnchors());
    String title = declared.title().isEmpty() ? outline.firstTitle() : declared.title();
    List<Warning> warnings = new ArrayList<>(frontMatter.warnings());
    warnings.addAll(declared.warnings());
    return new ParsedDocument(
        declared.metadata(), outline.sections(title.isEmpty() ? name : title), warnings);
  }

  private static void children(Node parent, Outline outline, HeadingAnchors anchors) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
      add(node, outline, anchors);
    }
  }

  private static void add(Node node, Outline outline, HeadingAnchors anchors) {
    if (node instanceof Heading heading) {
      String text = MarkdownText.inside(heading);
      outline.heading(heading.getLevel(), HeadingAnchors.withoutId(text), anchors.of(text));
    } else if (node instanceof Paragraph) {
      outline.prose(MarkdownText.of(node));
    } else if (node instanceof FencedCodeBlock code) {
      outline.lines(Lines.code(code.getInfo(), code.getLiteral()));
    } else if (node instanceof IndentedCodeBlock code) {
      outline.lines(Lines.code("", code.getLiteral()));
    } else if (node instanceof TableBlock) {
      outline.lines(Lines.table(rows(node)));
    } else if (node instanceof ListBlock) {
      outline.lines(Lines.list(MarkdownText.of(node).lines().toList()));
    } else if (node instanceof HtmlBlock html) {
      outline.prose(Jsoup.parse(html.getLiteral()).text());
    } else if (node instanceof BlockQuote) {
      children(node, outline, anchors);
    }
  }

  private static List<List<String>> rows(Node table) {
    List<List<String>> rows = new ArrayList<>();
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row instanceof TableRow; row = row.getNext()) {
        List<String> cells = new ArrayList<>();
        for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
          cells.add(MarkdownText.inside(cell));
        }
        rows.add(cells);
      }
    }
    return rows;
  }
}
