package org.llmroutes.retrieval;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The link to a document as its metadata says it, leading to the passage where that is possible.
 */
final class SourceLink {
  private SourceLink() {}

  /**
   * Whole addresses of the web only: a client may make a link of it.
   *
   * @param page of the document, null where it has none
   * @param anchor in the document, null where it has none
   */
  static Optional<String> of(Map<String, Object> metadata, Long page, String anchor) {
    return metadata.get("url") instanceof String text
        ? address(text.strip()).map(address -> address + fragment(address, page, anchor))
        : Optional.empty();
  }

  private static Optional<URI> address(String text) {
    try {
      URI address = new URI(text);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = "https".equals(scheme) || "http".equals(scheme);
      return web && address.getHost() != null ? Optional.of(address) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String fragment(URI address, Long page, String anchor) {
    if (address.getRawFragment() != null) {
      return "";
    } else if (anchor != null) {
      return "#" + encoded(anchor);
    }
    return page != null && isPdf(address) ? "#page=" + page : "";
  }

  private static boolean isPdf(URI address) {
    return address.getPath() != null && address.getPath().toLowerCase(Locale.ROOT).endsWith(".pdf");
  }

  private static String encoded(String anchor) {
    try {
      return new URI(null, null, anchor).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
