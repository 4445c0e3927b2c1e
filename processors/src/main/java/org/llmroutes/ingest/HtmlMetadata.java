package org.llmroutes.ingest;

import java.util.Map;
import java.util.TreeMap;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.llmroutes.retrieval.ModificationDate;

/** What the head of an HTML page says of the page: its own address and when it was changed. */
final class HtmlMetadata {
  private static final String ADDRESS = "link[rel=canonical][href], meta[property=og:url][content]";
  private static final String MODIFIED =
      "meta[property=article:modified_time], meta[property=og:updated_time],"
          + " meta[itemprop=dateModified], meta[name~=(?i)^(last-modified|dcterms\\.modified)$]";

  private HtmlMetadata() {}

  static Map<String, Object> of(Document page) {
    Map<String, Object> metadata = new TreeMap<>();
    put(metadata, "url", page.selectFirst(ADDRESS));
    put(metadata, ModificationDate.FIELD, page.selectFirst(MODIFIED));
    return metadata;
  }

  private static void put(Map<String, Object> metadata, String name, Element stated) {
    if (stated != null) {
      String value = stated.hasAttr("href") ? stated.attr("href") : stated.attr("content");
      if (!value.isBlank()) {
        metadata.put(name, value.strip());
      }
    }
  }
}
