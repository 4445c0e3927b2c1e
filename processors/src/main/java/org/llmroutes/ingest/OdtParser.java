package org.llmroutes.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.retrieval.ModificationDate;

/** Text documents of LibreOffice and others ({@code odt}). */
final class OdtParser implements DocumentParser {

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try {
      Map<String, byte[]> files =
          ZipFiles.read(content, List.of("content.xml", "meta.xml")::contains);
      Document meta = xml(files, "meta.xml");
      Element body = xml(files, "content.xml").selectFirst("office|text");
      if (body == null) {
        throw new InvalidDocument("is not a readable text document, or is protected by a password");
      }
      body.select(
              "text|table-of-content, text|tracked-changes, office|annotation, text|note-citation")
          .remove();
      Outline outline = new Outline();
      add(body, outline);
      String title = outline.firstTitle().isEmpty() ? name : outline.firstTitle();
      Element given = meta.selectFirst("dc|title");
      Element date = meta.selectFirst("dc|date");
      return new ParsedDocument(
          date == null ? Map.of() : Map.of(ModificationDate.FIELD, date.text()),
          outline.sections(GivenTitle.or(given == null ? "" : given.text(), title)),
          List.of());
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable text document: " + e.getMessage(), e);
    }
  }

  private static void add(Element parent, Outline outline) {
    for (Element element : parent.children()) {
      switch (element.normalName()) {
        case "text:h" -> outline.heading(level(element), words(element), "");
        case "text:p" -> outline.prose(words(element));
        case "text:list" -> {
          List<String> lines = new ArrayList<>();
          list(element, "", lines);
          outline.lines(Lines.list(lines));
        }
        case "table:table" ->
            outline.lines(
                Table.of(
                    "",
                    element.select("table|table-row").stream()
                        .map(row -> row.children().stream().map(OdtParser::words).toList())
                        .toList()));
        default -> add(element, outline);
      }
    }
  }

  private static int level(Element heading) {
    String level = heading.attr("text:outline-level");
    return level.matches("[1-9]") ? Integer.parseInt(level) : 1;
  }

  private static void list(Element list, String indent, List<String> lines) {
    for (Element item : list.children()) {
      for (Element part : item.children()) {
        if ("text:list".equals(part.normalName())) {
          list(part, indent + "  ", lines);
        } else if (!words(part).isBlank()) {
          lines.add(indent + "- " + words(part).strip());
        }
      }
    }
  }

  private static String words(Element element) {
    StringBuilder words = new StringBuilder();
    for (Node node : element.childNodes()) {
      if (node instanceof TextNode text) {
        words.append(text.getWholeText());
      } else if (node instanceof Element part) {
        boolean apart = part.normalName().matches("text:(s|tab|line-break|p|note)|draw:.*");
        words.append(apart ? " " : "").append(words(part)).append(apart ? " " : "");
      }
    }
    return words.toString().replaceAll("\\s+", " ");
  }

  private static Document xml(Map<String, byte[]> files, String name) throws InvalidDocument {
    return Jsoup.parse(
        files.containsKey(name) ? TextEncoding.decode(files.get(name)) : "",
        "",
        Parser.xmlParser());
  }
}
