package org.llmroutes.ingest;

import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.renderer.text.LineBreakRendering;
import org.commonmark.renderer.text.TextContentRenderer;

/** Markdown as it reads: words without link targets, emphasis and wrapped lines. */
final class MarkdownText {
  private static final TextContentRenderer RENDERER =
      TextContentRenderer.builder()
          .extensions(List.of(TablesExtension.create()))
          .lineBreakRendering(LineBreakRendering.COMPACT)
          .build();

  private MarkdownText() {}

  /** Prepares a parsed document for the two methods below. */
  static void simplify(Node document) {
    document.accept(new Simplify());
  }

  static String of(Node block) {
    return RENDERER.render(block);
  }

  /** What is inside a heading or a table cell, on one line. */
  static String inside(Node node) {
    StringBuilder words = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text text) {
            words.append(text.getLiteral());
          }

          @Override
          public void visit(HardLineBreak lineBreak) {
            words.append(' ');
          }
        });
    return words.toString().strip();
  }

  private static final class Simplify extends AbstractVisitor {
    @Override
    public void visit(Link link) {
      visitChildren(link);
      unwrap(link);
    }

    @Override
    public void visit(Image image) {
      visitChildren(image);
      unwrap(image);
    }

    @Override
    public void visit(Code code) {
      replace(code, "`" + code.getLiteral() + "`");
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
      replace(lineBreak, " ");
    }

    @Override
    public void visit(HtmlInline html) {
      replace(html, html.getLiteral().startsWith("<br") ? " " : "");
    }

    private static void replace(Node node, String text) {
      node.insertBefore(new Text(text));
      node.unlink();
    }

    private static void unwrap(Node node) {
      Node child = node.getFirstChild();
      while (child != null) {
        Node next = child.getNext();
        node.insertBefore(child);
        child = next;
      }
      node.unlink();
    }
  }
}
