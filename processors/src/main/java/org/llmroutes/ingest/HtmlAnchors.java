package org.llmroutes.ingest;

import java.util.Objects;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Finds the anchor that leads to a heading where the heading has no id itself: in it, right before
 * it, or on the section that it begins.
 */
final class HtmlAnchors {
  private static final String TARGET = "[id], a[name]";

  private HtmlAnchors() {}

  /** Gives every heading that an anchor leads to that anchor as its own id. */
  static void settle(Document page) {
    for (Element heading : page.select("h1, h2, h3, h4, h5, h6, [role=heading]")) {
      if (heading.id().isEmpty()) {
        Stream.of(heading.selectFirst(TARGET), before(heading), section(heading))
            .filter(Objects::nonNull)
            .map(HtmlAnchors::name)
            .filter(name -> !name.isEmpty())
            .findFirst()
            .ifPresent(heading::id);
      }
    }
  }

  /** An empty element right before the heading, which is how pages without ids mark places. */
  private static Element before(Element heading) {
    Element before = heading.previousElementSibling();
    return before != null && before.is(TARGET) && before.text().isBlank() ? before : null;
  }

  private static Element section(Element heading) {
    Element first =
        heading.parent() != null && heading.parent().is("header") ? heading.parent() : heading;
    Element section = first.parent();
    return section != null
            && section.is("section, article, div")
            && first.elementSiblingIndex() == 0
        ? section
        : null;
  }

  private static String name(Element element) {
    return element.id().isEmpty() ? element.attr("name") : element.id();
  }
}
