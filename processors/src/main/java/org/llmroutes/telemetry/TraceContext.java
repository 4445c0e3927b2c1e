package org.llmroutes.telemetry;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the headers of a trace can be. Whatever else comes from outside under their names is
 * nobody's trace, and goes no further.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class TraceContext {
  static final List<String> NAMES = List.of("traceparent", "tracestate");

  /** Characters of a tracestate that everybody has to forward; more need not be. */
  private static final int LONGEST = 512;

  private static final int MOST_MEMBERS = 32;

  /** Later versions may have more behind it. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?:00-IDS|(?!00|ff)[0-9a-f]{2}-IDS(?:-[\\x21-\\x7e]*)?)"
              .replace("IDS", "(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"));

  private static final Pattern MEMBER =
      Pattern.compile(
          "(?:[a-z][a-z0-9_\\-*/]{0,255}|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13})=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");

  private TraceContext() {}

  /** Whether a header is one of a trace. */
  public static boolean isHeader(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether a value can be that of a header; of other names every value can. */
  public static boolean isValid(String name, String value) {
    if ("traceparent".equalsIgnoreCase(name)) {
      return value.length() <= LONGEST && TRACEPARENT.matcher(value).matches();
    }
    return !"tracestate".equalsIgnoreCase(name) || isTracestate(value);
  }

  private static boolean isTracestate(String value) {
    if (value.length() > LONGEST) {
      return false;
    }
    String[] members = value.split(",", -1);
    if (members.length > MOST_MEMBERS) {
      return false;
    }
    long keys = 0;
    Set<String> seen = new HashSet<>();
    for (String member : members) {
      String trimmed = member.strip();
      if (trimmed.isEmpty()) {
        continue;
      }
      if (!MEMBER.matcher(trimmed).matches()) {
        return false;
      }
      keys++;
      seen.add(trimmed.substring(0, trimmed.indexOf('=')));
    }
    return keys > 0 && seen.size() == keys;
  }
}
