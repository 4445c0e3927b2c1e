package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;
import org.llmroutes.ingest.Block.Lines;

/** HTML pages: the main content, without navigation and the like. */
final class HtmlParser implements DocumentParser {
  private static final String NOT_CONTENT =
      "script, style, noscript, template, nav, footer, aside, iframe, svg, button, select, textarea,"
          + " [hidden], [aria-hidden=true], a.headerlink, a.anchor";
  private static final Pattern HEADING = Pattern.compile("h[1-6]");

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    Document page = Jsoup.parse(TextEncoding.decode(content, HtmlEncoding.declared(content)));
    String title = page.title().strip();
    Map<String, Object> metadata = HtmlMetadata.of(page);
    HtmlAnchors.settle(page);
    page.select(NOT_CONTENT).remove();
    Outline outline = new Outline();
    children(content(page), outline);
    if (!outline.firstTitle().isEmpty()) {
      title = outline.firstTitle();
    }
    return new ParsedDocument(
        metadata, outline.sections(title.isEmpty() ? name : title), List.of());
  }

  private static Element content(Document page) {
    Elements main = page.select("main, [role=main]");
    if (main.isEmpty()) {
      main = page.select("article");
    }
    return main.size() == 1 ? main.first() : page.body();
  }

  private static void children(Element parent, Outline outline) {
    StringBuilder words = new StringBuilder();
    for (Node node : parent.childNodes()) {
      if (node instanceof Element element && element.stream().anyMatch(Element::isBlock)) {
        outline.prose(oneLine(words));
        words.setLength(0);
        block(element, outline);
      } else if (node instanceof Element element) {
        words.append(inline(element));
      } else if (node instanceof TextNode text) {
        words.append(text.getWholeText());
      }
    }
    outline.prose(oneLine(words));
  }

  private static void block(Element element, Outline outline) {
    String tag = element.normalName();
    if (HEADING.matcher(tag).matches()) {
      outline.heading(tag.charAt(1) - '0', element.text(), element.id());
    } else if ("pre".equals(tag)) {
      outline.lines(Lines.code("", element.wholeText()));
    } else if ("ul".equals(tag) || "ol".equals(tag)) {
      outline.lines(
          Lines.list(element.children().stream().map(item -> "- " + item.text()).toList()));
    } else if ("table".equals(tag) && element.select("h1, h2, h3, table table").isEmpty()) {
      List<List<String>> rows =
          element.select("tr").stream()
              .map(row -> row.children().stream().map(Element::text).toList())
              .toList();
      if (!rows.isEmpty()) {
        outline.lines(Lines.table(rows));
      }
    } else {
      children(element, outline);
    }
  }

  private static String inline(Element element) {
    return switch (element.normalName()) {
      case "code" -> "`" + element.wholeText() + "`";
      case "br" -> " ";
      default -> element.wholeText();
    };
  }

  private static String oneLine(StringBuilder words) {
    return words.toString().replaceAll("\\s+", " ");
  }
}
