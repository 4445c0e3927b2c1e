package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.llmroutes.ingest.Block.Lines;

/** Makes headings, prose, lists, tables and code of the content of a page. */
final class HtmlBody {
  private static final Pattern HEADING = Pattern.compile("h[1-6]");
  private static final Pattern LEVEL = Pattern.compile("[1-9]");
  private static final Pattern QUESTION_MARK = Pattern.compile("[?？؟\u037e]\\s*\\z");

  /** Below each heading of the page. */
  static final int QUESTION = 10;

  /** What a line of a list cannot hold. */
  private static final String LARGE =
      "pre, table, details, dl, h1, h2, h3, h4, h5, h6, [role=heading]";

  /** Fewer words name a badge or an icon, and say nothing that the text beside them does not. */
  private static final int WORDS_OF_A_PICTURE = 3;

  private final Outline outline;

  HtmlBody(Outline outline) {
    this.outline = outline;
  }

  void add(Element parent) {
    StringBuilder words = new StringBuilder();
    boolean questions = false;
    for (Node node : parent.childNodes()) {
      if (node instanceof Element element && isApart(element)) {
        outline.prose(oneLine(words));
        words.setLength(0);
        questions |= isQuestion(element);
        block(element);
      } else {
        inline(node, words);
      }
    }
    outline.prose(oneLine(words));
    if (questions) {
      outline.leave(QUESTION);
    }
  }

  private static boolean isApart(Element element) {
    return "summary".equals(element.normalName()) || element.stream().anyMatch(Element::isBlock);
  }

  private void block(Element element) {
    String tag = element.normalName();
    if (HEADING.matcher(tag).matches() || "heading".equals(element.attr("role"))) {
      outline.heading(level(element), element.text(), element.id());
    } else if (isQuestion(element)) {
      question(element, outline);
    } else if ("pre".equals(tag)) {
      outline.lines(HtmlCode.of(element));
    } else if ("ul".equals(tag) || "ol".equals(tag)) {
      list(element);
    } else if ("dl".equals(tag) && element.select(LARGE).size() == 1) {
      outline.lines(Lines.list(definitions(element)));
    } else if ("table".equals(tag) && HtmlTable.isTable(element)) {
      outline.lines(HtmlTable.of(element));
    } else {
      add(element);
    }
  }

  private static int level(Element heading) {
    String level = heading.attr("aria-level");
    if (LEVEL.matcher(level).matches()) {
      return Integer.parseInt(level);
    }
    return HEADING.matcher(heading.normalName()).matches()
        ? heading.normalName().charAt(1) - '0'
        : 2;
  }

  /** Begins an answer, which whoever calls this has to end by {@link Outline#leave}. */
  static void question(Element question, Outline outline) {
    outline.heading(QUESTION, question.text(), question.id());
  }

  static boolean isQuestion(Element element) {
    return "summary".equals(element.normalName()) && QUESTION_MARK.matcher(element.text()).find();
  }

  private void list(Element list) {
    List<String> lines = new ArrayList<>();
    int number = number(list);
    for (Element item : list.children()) {
      if (item.select(LARGE).isEmpty()) {
        item(item, mark(list, number), "", lines);
      } else {
        outline.lines(Lines.list(List.copyOf(lines)));
        lines.clear();
        add(item);
      }
      number++;
    }
    outline.lines(Lines.list(lines));
  }

  private static void item(Element item, String mark, String indent, List<String> lines) {
    StringBuilder words = new StringBuilder();
    List<Element> lists = new ArrayList<>();
    words(item, words, lists);
    String text = oneLine(words);
    if (!text.isBlank()) {
      lines.add(indent + mark + text.strip());
    }
    for (Element list : lists) {
      int number = number(list);
      for (Element child : list.children()) {
        item(child, mark(list, number++), indent + "  ", lines);
      }
    }
  }

  private static void words(Element parent, StringBuilder words, List<Element> lists) {
    for (Node node : parent.childNodes()) {
      if (node instanceof Element element && element.is("ul, ol")) {
        lists.add(element);
      } else if (node instanceof Element element && !element.select("ul, ol").isEmpty()) {
        words(element, words, lists);
      } else {
        inline(node, words);
      }
    }
  }

  private static int number(Element list) {
    String start = list.attr("start");
    return start.matches("\\d{1,6}") ? Integer.parseInt(start) : 1;
  }

  private static String mark(Element list, int number) {
    return "ol".equals(list.normalName()) ? number + ". " : "- ";
  }

  private static List<String> definitions(Element list) {
    List<String> lines = new ArrayList<>();
    String term = "";
    for (Element part : list.select("dt, dd")) {
      String text = oneLine(words(part)).strip();
      if ("dt".equals(part.normalName())) {
        term = term.isEmpty() ? text : term + ", " + text;
      } else {
        lines.add("- " + (term.isEmpty() ? text : term + ": " + text));
        term = "";
      }
    }
    if (!term.isEmpty()) {
      lines.add("- " + term);
    }
    return lines;
  }

  private static StringBuilder words(Element element) {
    StringBuilder words = new StringBuilder();
    element.childNodes().forEach(child -> inline(child, words));
    return words;
  }

  private static void inline(Node node, StringBuilder words) {
    if (node instanceof TextNode text) {
      words.append(text.getWholeText());
    } else if (node instanceof Element element) {
      switch (element.normalName()) {
        case "code" -> words.append('`').append(element.wholeText().strip()).append('`');
        case "br" -> words.append(' ');
        case "img" -> words.append(' ').append(picture(element)).append(' ');
        default -> {
          String apart = element.isBlock() ? " " : "";
          words.append(apart).append(words(element)).append(apart);
        }
      }
    }
  }

  /** What a picture shows, where nothing else says it. */
  private static String picture(Element image) {
    String shows = image.attr("alt").strip();
    boolean said =
        image.closest("a, button") != null
            || image.closest("figure:has(figcaption)") != null
            || shows.split("\\s+").length < WORDS_OF_A_PICTURE;
    return said ? "" : shows;
  }

  private static String oneLine(StringBuilder words) {
    return words.toString().replaceAll("[\\s\u00a0]+", " ");
  }
}
