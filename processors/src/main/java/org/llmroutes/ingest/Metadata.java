package org.llmroutes.ingest;

import java.util.Set;
import java.util.regex.Pattern;

/** What may be a metadata field of a chunk: a name that a filter can say, and a scalar. */
public final class Metadata {
  /** Holds the version of the document that a chunk was made from. */
  static final String CONTENT_HASH = "content_hash";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Set<String> RESERVED =
      Set.of("id", "document", "title", "chunk", "text", "dense", "sparse", CONTENT_HASH);
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]*)\\.[0-9]+([eE][+-]?[0-9]{1,2})?");

  private Metadata() {}

  /**
   * Whether a field may have that name: {@code [A-Za-z_][A-Za-z0-9_]{0,63}}, and none of our own.
   */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && !RESERVED.contains(name);
  }

  /** A value written as text: true and false, numbers (a Long or a Double), anything else text. */
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
