package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.footnotes.FootnoteDefinition;
import org.commonmark.ext.footnotes.FootnoteReference;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.llmroutes.ingest.Block.Lines;

/** Makes headings, prose, lists, tables and code of parsed Markdown. */
final class MarkdownBody {
  private static final Pattern FENCE_TITLE =
      Pattern.compile("(?:title|filename|name)=\"([^\"]+)\"|\\[([^\\]]+)]");

  private static final Pattern CAPTION_BEFORE = Pattern.compile("(?i)(table|tabelle|tableau)\\b.*");
  private static final Pattern CAPTION_AFTER = Pattern.compile("(?i)(?:table)?: (.*)");
  private static final Pattern OPENED = Pattern.compile("(?i)<details\\b");
  private static final Pattern CLOSED = Pattern.compile("(?i)</details\\b");

  private final Outline outline;
  private final HeadingAnchors anchors = new HeadingAnchors();
  private final Map<String, FootnoteDefinition> notes = new HashMap<>();

  MarkdownBody(Outline outline) {
    this.outline = outline;
  }

  void read(Node document) {
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof FootnoteDefinition note) {
        notes.put(note.getLabel(), note);
      }
    }
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      block(node);
      notesOf(node);
    }
  }

  private void add(Node parent) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
      block(node);
    }
  }

  /** Right below what they belong to, rather than at the end, where they have another heading. */
  private void notesOf(Node block) {
    List<String> labels = new ArrayList<>();
    block.accept(
        new AbstractVisitor() {
          @Override
          public void visit(CustomNode node) {
            if (node instanceof FootnoteReference reference) {
              labels.add(reference.getLabel());
            }
            visitChildren(node);
          }
        });
    labels.stream().map(notes::remove).filter(Objects::nonNull).forEach(this::add);
  }

  private void block(Node node) {
    if (node instanceof Heading heading) {
      String text = MarkdownText.inside(heading);
      outline.heading(heading.getLevel(), HeadingAnchors.withoutId(text), anchors.of(text));
    } else if (node instanceof Paragraph) {
      if (!isCaption(node)) {
        outline.prose(MarkdownText.of(node));
      }
    } else if (node instanceof FencedCodeBlock code) {
      code(code.getInfo() == null ? "" : code.getInfo().strip(), code.getLiteral());
    } else if (node instanceof IndentedCodeBlock code) {
      outline.lines(Lines.code("", code.getLiteral()));
    } else if (node instanceof TableBlock) {
      outline.lines(Table.of(caption(node), rows(node)));
    } else if (node instanceof ListBlock list) {
      list(list);
    } else if (node instanceof HtmlBlock html) {
      html(html.getLiteral());
    } else if (node instanceof BlockQuote) {
      add(node);
    }
  }

  /** What a site shows above the code as its file or tab. */
  private void code(String info, String code) {
    Matcher title = FENCE_TITLE.matcher(info);
    if (title.find()) {
      outline.prose(title.group(1) == null ? title.group(2) : title.group(1));
    }
    outline.lines(Lines.code(info.split("[\\s{,\\[]", 2)[0], code));
  }

  /** What unfolds begins in one block of HTML and ends in another, with Markdown between them. */
  private void html(String html) {
    Document part = Jsoup.parse("<main>" + html);
    long open = OPENED.matcher(html).results().count() - CLOSED.matcher(html).results().count();
    Element question = open > 0 ? part.select("summary").last() : null;
    if (question != null && HtmlBody.isQuestion(question)) {
      HtmlBody.question(question, outline);
      question.remove();
    } else if (open < 0) {
      outline.leave(HtmlBody.QUESTION);
    }
    HtmlParser.add(part, outline);
  }

  private void list(ListBlock list) {
    List<String> lines = new ArrayList<>();
    int number = number(list);
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      String mark = mark(list, number++);
      if (isLarge(item)) {
        outline.lines(Lines.list(List.copyOf(lines)));
        lines.clear();
        large(item, mark);
      } else {
        item(item, mark, "", lines);
      }
    }
    outline.lines(Lines.list(lines));
  }

  /** Whether it holds what a line of a list cannot. */
  private static boolean isLarge(Node item) {
    for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
      boolean small =
          part instanceof Paragraph || part instanceof ListBlock || part instanceof ListItem;
      if (!small || isLarge(part) && !(part instanceof Paragraph)) {
        return true;
      }
    }
    return false;
  }

  private void large(Node item, String mark) {
    Node first = item.getFirstChild();
    for (Node part = first; part != null; part = part.getNext()) {
      if (part == first && part instanceof Paragraph) {
        outline.prose(mark + MarkdownText.of(part));
      } else {
        block(part);
      }
    }
  }

  private static void item(Node item, String mark, String indent, List<String> lines) {
    String before = indent + mark;
    for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
      if (part instanceof ListBlock list) {
        int number = number(list);
        for (Node child = list.getFirstChild(); child != null; child = child.getNext()) {
          item(child, mark(list, number++), indent + "  ", lines);
        }
      } else {
        for (String line : MarkdownText.of(part).lines().toList()) {
          lines.add(before + line);
          before = indent + "  ";
        }
      }
    }
  }

  private static int number(ListBlock list) {
    return list instanceof OrderedList ordered && ordered.getMarkerStartNumber() != null
        ? ordered.getMarkerStartNumber()
        : 1;
  }

  private static String mark(ListBlock list, int number) {
    return list instanceof OrderedList ? number + ". " : "- ";
  }

  private static boolean isCaption(Node paragraph) {
    return paragraph.getNext() instanceof TableBlock table && !before(table).isEmpty()
        || paragraph.getPrevious() instanceof TableBlock before && !after(before).isEmpty();
  }

  private static String caption(Node table) {
    return before(table).isEmpty() ? after(table) : before(table);
  }

  private static String before(Node table) {
    return table.getPrevious() instanceof Paragraph text
            && CAPTION_BEFORE.matcher(MarkdownText.of(text)).matches()
        ? MarkdownText.of(text)
        : "";
  }

  /** As Pandoc writes it. */
  private static String after(Node table) {
    String text = table.getNext() instanceof Paragraph next ? MarkdownText.of(next) : "";
    Matcher caption = CAPTION_AFTER.matcher(text);
    return caption.matches() ? caption.group(1) : "";
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
