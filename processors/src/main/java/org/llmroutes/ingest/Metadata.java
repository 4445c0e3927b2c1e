package org.llmroutes.ingest;

import java.util.Set;
import java.util.regex.Pattern;

/** What may be a metadata field of a chunk: a name that a filter can say, and a value. */
public final class Metadata {
  /** Holds the version of the document that a chunk was made from. */
  static final String CONTENT_HASH = "content_hash";

  /** The page of a paged document that a chunk stands on, from 1. */
  static final String PAGE = "page";

  /** The anchor of the heading that a chunk stands below. */
  static final String ANCHOR = "anchor";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Set<String> RESERVED =
      Set.of(
          "id", "document", "title", "chunk", "text", "dense", "sparse", "readers", CONTENT_HASH);
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Pattern DECIMAL =
      Pattern.compile("(?=.{3,16}\\z)-?(0|[1-9][0-9]*)\\.(0|[0-9]*[1-9])");

  private Metadata() {}

  /**
   * Whether a field may have that name: {@code [A-Za-z_][A-Za-z0-9_]{0,63}}, and none of our own.
   */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && !RESERVED.contains(name);
  }

  /** Whether it is a value by itself, rather than a list of such. */
  static boolean isScalar(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double number && Double.isFinite(number);
  }

  /**
   * A value written as text: true and false; a Long or a Double where it is written as that number
   * would be, so that {@code 01234} and {@code 1.10} are kept; anything else is text.
   */
  public static Object value(String text) {
    if ("true".equals(text) || "false".equals(text)) {
      return Boolean.valueOf(text);
    } else if (WHOLE.matcher(text).matches()) {
      return Long.valueOf(text);
    } else if (DECIMAL.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    return text;
  }
}
