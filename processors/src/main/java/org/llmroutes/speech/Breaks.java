package org.llmroutes.speech;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a text is cut that is too long to be spoken at once: after a clause, else where its
 * language breaks lines, else between any two characters that a reader sees.
 */
final class Breaks {
  private static final Pattern CLAUSE = Pattern.compile("[,;:–—)،؛]\\s|[，、；：）」』】》]");
  private static final Pattern GRAPHEME = Pattern.compile("\\X");

  /** A link whose end may come; what is said of it shows only then. */
  private static final Pattern LINK_BEGUN =
      Pattern.compile("\\[[^\\]\\n]{0,80}(?:]\\([^)\\s]{0,1000})?\\z");

  private final int longest;
  private final Locale locale;

  /**
   * @param longest code points as spoken
   * @param language ISO 639-1 code of the text, or empty
   */
  Breaks(int longest, String language) {
    this.longest = longest;
    this.locale = Locale.forLanguageTag(language);
  }

  /** Whether the text must be cut, whatever follows it. */
  boolean mustCut(CharSequence begun) {
    boolean complete = !Character.isHighSurrogate(begun.charAt(begun.length() - 1));
    return complete && !LINK_BEGUN.matcher(begun).find() && isTooLong(begun.toString());
  }

  /** Whether the text cannot be spoken at once. */
  boolean isTooLong(String text) {
    return text.length() > longest && excess(text) > 0;
  }

  private int excess(String text) {
    String spoken = SpokenText.of(text);
    return spoken.codePointCount(0, spoken.length()) - longest;
  }

  /** Where the first piece of a text ends that is too long. */
  int in(String text) {
    int end = fitting(text);
    int least = end / 3;
    int clause = lastClause(text, least, end);
    if (clause > 0) {
      return clause;
    }
    BreakIterator lines = BreakIterator.getLineInstance(locale);
    lines.setText(text);
    int line = end == text.length() ? end : lines.preceding(end + 1);
    return line > least ? line : lastGrapheme(text, end);
  }

  /** How much of it can be spoken at once; at least one character. */
  private int fitting(String text) {
    int end = text.length();
    for (int excess = excess(text); excess > 0; excess = excess(text.substring(0, end))) {
      int points = text.codePointCount(0, end);
      end = text.offsetByCodePoints(0, Math.max(1, points - excess));
      if (points == 1) {
        break;
      }
    }
    return end;
  }

  private static int lastClause(String text, int least, int end) {
    int last = -1;
    Matcher clause = CLAUSE.matcher(text).region(least, end);
    while (clause.find()) {
      last = clause.end();
    }
    return last;
  }

  private static int lastGrapheme(String text, int end) {
    int last = 0;
    Matcher grapheme = GRAPHEME.matcher(text);
    while (grapheme.find() && grapheme.end() <= end) {
      last = grapheme.end();
    }
    return last == 0 ? end : last;
  }
}
