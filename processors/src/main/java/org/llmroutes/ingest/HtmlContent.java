package org.llmroutes.ingest;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;

/**
 * Finds the part of a page that people came for, and takes out of it what is not read: navigation,
 * dialogs, banners, buttons, icons, links to the place itself. What only waits to be unfolded is
 * content: panels of tabs and accordions, and the questions on their buttons.
 */
final class HtmlContent {
  private static final String HEADINGS = "h1, h2, h3, h4, h5, h6, [role=heading]";

  private static final String NEVER =
      "script, style, noscript, template, nav, iframe, svg, canvas, audio, video, object, input,"
          + " select, textarea, datalist, dialog, [role=dialog], [role=alertdialog],"
          + " [role=navigation], [role=search], [role=menu], [role=menubar], [role=tablist],"
          + " [role=contentinfo], [role=tooltip], .skip-link, .mw-editsection, .footnote-backref,"
          + " [data-footnote-backref], sup:has(> a[href^=#fn]), a.footnote-ref, .line-numbers-wrapper,"
          + " [class*=language-] > span.lang";

  /** As Docusaurus, MkDocs, Sphinx, VitePress, Confluence and others name what surrounds text. */
  private static final String SURROUNDING =
      ".breadcrumbs, .breadcrumb, #breadcrumb-section, .toc, #toc, .table-of-contents,"
          + " .tableOfContents, .theme-doc-toc-mobile, .pagination, .pagination-nav, .md-sidebar,"
          + " .sphinxsidebar, .wy-nav-side, .rst-footer-buttons, .prev-next-area, .page-metadata,"
          + " .VPDocFooter, .VPLocalNav, .VPDocAside, .edit-link, .edit-this-page";

  private static final Pattern BANNER =
      Pattern.compile(
          "(?i)(cookie|consent|gdpr)s?[-_]?(banner|bar|notice|popup|modal|overlay|dialog|message|"
              + "consent|window|container|wrapper)|onetrust|cookiebot|cc-window");

  /** Links at a heading to itself. */
  private static final String PERMALINK =
      "a.headerlink, a.anchor, a.hash-link, a.header-anchor, a.heading-anchor, a.anchor-link,"
          + " a.anchorjs-link, a.sl-anchor-link, a.doc-anchor, a.permalink";

  private static final String ONLY_SPOKEN =
      ".sr-only, .visually-hidden, .screen-reader-text, .screenreader-text";

  private static final String QUESTION =
      "[aria-expanded]:not([aria-haspopup]), [aria-controls]:not([aria-haspopup]), [data-toggle=collapse],"
          + " [data-bs-toggle=collapse], [class*=accordion], [class*=collapsible], :has(+ [hidden]), :has(+ [style~=display:\\s*none])";

  private static final String NOTE =
      "[class*=note], [class*=aside--], [class*=admonition], [class*=callout], [class*=warning],"
          + " [class*=tip], [class*=alert]";

  private static final Pattern BESIDE =
      Pattern.compile("(?i)toc\\b|sidebar|related|share|social|newsletter|promo|advert|author-bio");

  private static final double MOSTLY = 0.6;

  private HtmlContent() {}

  /** The element whose content is read; the page is changed. */
  static Element of(Document page) {
    HtmlAnchors.settle(page);
    HtmlTabs.label(page);
    page.select(NEVER).remove();
    page.select(SURROUNDING).not("body, :has(h1), :has(main), :has([role=main])").remove();
    page.select("[id], [class]").forEach(HtmlContent::removeBanner);
    page.select("footer").forEach(HtmlContent::removeFooter);
    Element content = main(page);
    if (content.normalName().equals("body")) {
      removeAroundText(content);
    }
    content.select("aside").forEach(HtmlContent::removeBeside);
    content.select("button").forEach(HtmlContent::settleButton);
    content.select(PERMALINK).forEach(HtmlContent::removePermalink);
    content.select(HEADINGS).select("a[href*=#]").forEach(HtmlContent::removeSign);
    content.select("[aria-hidden=true]").forEach(HtmlContent::removeIcon);
    content.select(ONLY_SPOKEN).forEach(HtmlContent::removeSpoken);
    return content;
  }

  private static Element main(Document page) {
    Element main = largest(page.select("main, [role=main]"));
    if (main == null) {
      main = largest(page.select("#main-content, .wiki-content"));
    }
    if (main == null) {
      Element article = largest(page.select("article"));
      boolean most =
          article != null && article.text().length() > MOSTLY * page.body().text().length();
      main = most ? article : null;
    }
    return main == null ? page.body() : main;
  }

  /** The one with the most text; null where none has any. */
  private static Element largest(Elements elements) {
    return elements.stream()
        .filter(Element::hasText)
        .max(Comparator.comparingInt(element -> element.text().length()))
        .orElse(null);
  }

  /** A page without a main part: what folds and floats around the text is told by its role. */
  private static void removeAroundText(Element body) {
    body.select("header, [role=banner]").not(":has(" + HEADINGS + ")").remove();
    body.select("aside").not(NOTE).remove();
    for (Element hidden : body.select("[hidden]")) {
      boolean unfolds =
          hidden.is("[role=tabpanel], [role=region], article [hidden], details [hidden]")
              || !hidden.id().isEmpty()
                  && !body.getElementsByAttributeValue("aria-controls", hidden.id()).isEmpty();
      if (!unfolds) {
        hidden.remove();
      }
    }
  }

  private static void removeBanner(Element element) {
    boolean named =
        BANNER.matcher(element.id()).find() || BANNER.matcher(element.className()).find();
    if (named
        && element.is("div, section, aside, form, p")
        && element.select("h1, main").isEmpty()) {
      element.remove();
    }
  }

  /** A footer of a quotation says who said it. */
  private static void removeFooter(Element footer) {
    if (footer.closest("blockquote, figure") == null) {
      footer.remove();
    }
  }

  private static void removeBeside(Element aside) {
    int words = aside.text().length();
    int links = aside.select("a").stream().mapToInt(link -> link.text().length()).sum();
    boolean named = BESIDE.matcher(aside.className() + " " + aside.id()).find();
    if (links > MOSTLY * words || named && !aside.is(NOTE)) {
      aside.remove();
    }
  }

  private static void settleButton(Element button) {
    if (button.closest(HEADINGS + ", summary, dt") != null || !button.select(HEADINGS).isEmpty()) {
      button.unwrap();
    } else if (button.is(QUESTION) && button.hasText()) {
      button.tagName("summary");
    } else {
      button.remove();
    }
  }

  /** Old pages have the words of the heading in the link. */
  private static void removePermalink(Element link) {
    Element heading = link.closest(HEADINGS);
    if (heading != null && heading.text().equals(link.text())) {
      link.unwrap();
    } else {
      link.remove();
    }
  }

  private static void removeSign(Element link) {
    if (link.text().codePoints().noneMatch(Character::isLetterOrDigit)) {
      link.remove();
    }
  }

  /** An icon, or letters drawn beside those that are read aloud; a block is a folded panel. */
  private static void removeIcon(Element element) {
    boolean panel = element.isBlock() || element.stream().anyMatch(Element::isBlock);
    if (!panel || !element.hasText()) {
      element.remove();
    }
  }

  private static void removeSpoken(Element element) {
    if (!element.is(HEADINGS) && element.select(HEADINGS).isEmpty()) {
      element.remove();
    }
  }
}
