package org.llmroutes.ingest;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.llmroutes.ingest.Block.Lines;

/** Code of a page as it was written: highlighting gone, lines and indentation kept. */
final class HtmlCode {
  private static final String GUTTER =
      ".linenos, .lineno, .linenodiv, .gutter, .rouge-gutter, .lnt, .ln, .hljs-ln-numbers,"
          + " .line-numbers-wrapper, .line-numbers-rows, .line-number, .blob-num, [data-line-number]:empty";

  /** One line each, often without a line break in the text. */
  private static final String LINE = "div, p, li, tr, .line, .token-line, .ec-line, .code-line";

  private static final Pattern LANGUAGE =
      Pattern.compile("(?:^|\\s)(?:language|lang|highlight-source|highlight)-([\\w+#]+)");

  private static final Set<String> NO_LANGUAGE =
      Set.of("default", "none", "text", "plaintext", "txt", "source", "console");

  private final StringBuilder text = new StringBuilder();
  private boolean lineEnded;

  private HtmlCode() {}

  static Lines of(Element pre) {
    pre.select(GUTTER).remove();
    HtmlCode code = new HtmlCode();
    code.add(pre);
    return Lines.code(language(pre), code.text.toString());
  }

  private void add(Node parent) {
    for (Node node : parent.childNodes()) {
      if (node instanceof TextNode words) {
        append(words.getWholeText());
      } else if (node instanceof Element element && "br".equals(element.normalName())) {
        append("\n");
      } else if (node instanceof Element element) {
        boolean line = element.is(LINE);
        lineEnded |= line && !text.isEmpty() && text.charAt(text.length() - 1) != '\n';
        add(element);
        lineEnded |= line && !endsLine(element);
      }
    }
  }

  private static boolean endsLine(Element line) {
    return line.lastElementChild() != null && "br".equals(line.lastElementChild().normalName());
  }

  private void append(String words) {
    if (words.isEmpty()) {
      return;
    }
    if (lineEnded && words.charAt(0) != '\n') {
      text.append('\n');
    }
    lineEnded = false;
    text.append(words);
  }

  private static String language(Element pre) {
    Stream<Element> around =
        Stream.concat(
            pre.select("code").stream().limit(1),
            Stream.iterate(pre, p -> p != null, Element::parent).limit(3));
    return around
        .map(HtmlCode::named)
        .filter(name -> !name.isEmpty() && !NO_LANGUAGE.contains(name))
        .findFirst()
        .orElse("");
  }

  private static String named(Element element) {
    String attribute =
        element.hasAttr("data-lang") ? element.attr("data-lang") : element.attr("data-language");
    Matcher named = LANGUAGE.matcher(element.className());
    return attribute.isBlank() && named.find() ? named.group(1) : attribute.strip();
  }
}
