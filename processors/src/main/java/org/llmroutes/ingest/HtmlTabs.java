package org.llmroutes.ingest;

import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;

/** Writes the label of each tab above its panel, because all panels are read one after another. */
final class HtmlTabs {

  /** How pages build tabs that do not say so by roles. */
  private record Build(String set, String labels, String panels) {}

  private static final List<Build> BUILDS =
      List.of(
          // MkDocs Material
          new Build(".tabbed-set", "> .tabbed-labels > label", "> .tabbed-content > .tabbed-block"),
          // VitePress
          new Build(".vp-code-group", "> .tabs > label", "> .blocks > div"));

  private HtmlTabs() {}

  static void label(Document page) {
    page.select("[role=tablist]").forEach(HtmlTabs::label);
    for (Build build : BUILDS) {
      for (Element set : page.select(build.set)) {
        label(set.select(build.labels), set.select(build.panels));
        set.select(build.labels).remove();
      }
    }
  }

  private static void label(Element list) {
    Elements tabs = list.select("[role=tab]");
    Element set = list.parent();
    while (set != null && set.select("[role=tabpanel]").isEmpty()) {
      set = set.parent();
    }
    if (set == null || tabs.isEmpty()) {
      return;
    }
    Elements panels =
        new Elements(set.select("[role=tabpanel]").stream().filter(p -> isOf(list, p)).toList());
    Elements named = new Elements(tabs.stream().map(tab -> panel(tab, panels)).toList());
    label(tabs, named.contains(null) ? panels : named);
  }

  /** A panel inside of a panel has a list of its own. */
  private static boolean isOf(Element list, Element panel) {
    Element outer = panel.parent() == null ? null : panel.parent().closest("[role=tabpanel]");
    return outer == null || list.closest("[role=tabpanel]") == outer;
  }

  private static Element panel(Element tab, Elements panels) {
    return panels.stream()
        .filter(
            panel ->
                !panel.id().isEmpty() && panel.id().equals(tab.attr("aria-controls"))
                    || !tab.id().isEmpty() && tab.id().equals(panel.attr("aria-labelledby")))
        .findFirst()
        .orElse(null);
  }

  private static void label(Elements labels, Elements panels) {
    for (int i = 0; i < Math.min(labels.size(), panels.size()); i++) {
      if (labels.get(i).hasText()) {
        panels.get(i).prependElement("p").text(labels.get(i).text());
      }
    }
  }
}
