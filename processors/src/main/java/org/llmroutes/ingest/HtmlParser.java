package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** HTML pages: the main content, without navigation and the like. */
final class HtmlParser implements DocumentParser {

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    Document page = Jsoup.parse(TextEncoding.decode(content, HtmlEncoding.declared(content)));
    String title = page.title().strip();
    Map<String, Object> metadata = HtmlMetadata.of(page);
    Outline outline = new Outline();
    add(page, outline);
    if (!outline.firstTitle().isEmpty()) {
      title = outline.firstTitle();
    }
    return new ParsedDocument(
        metadata, outline.sections(title.isEmpty() ? name : title), List.of());
  }

  /** Adds what people read of a page; the page is changed. */
  static void add(Document page, Outline outline) {
    new HtmlBody(outline).add(HtmlContent.of(page));
  }
}
