package org.llmroutes.llm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a tag that closes thoughts, in a text without an opening one, does so, or is spoken of.
 */
final class ClosingTag {
  private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*(?:```|~~~)");
  private static final Pattern QUOTE = Pattern.compile("(?s).*(?:^|[\\s(])[\"'“‘«„]");
  private static final Pattern COMPLETE =
      Pattern.compile("(?s)(?:.*(?:\\n|[.!?。！？…][\"'”’)*]*))?[ \\t]*");
  private static final Pattern END_OF_LINE = Pattern.compile("(?s)[ \\t]*\\r?\\n.*");

  private ClosingTag() {}

  /**
   * @param before the text up to the tag
   * @param after what has arrived behind it
   * @param ended whether that is all
   * @return empty where more must arrive to tell
   */
  static Optional<Boolean> closes(String before, String after, boolean ended) {
    if (ThoughtMarks.TAG_OPENED.matcher(before).find()
        || isInCode(before)
        || QUOTE.matcher(before).matches()) {
      return Optional.of(false);
    } else if (COMPLETE.matcher(before).matches() || END_OF_LINE.matcher(after).matches()) {
      return Optional.of(true);
    } else if (after.isBlank()) {
      return ended ? Optional.of(true) : Optional.empty();
    }
    return Optional.of(false);
  }

  private static boolean isInCode(String text) {
    Matcher fence = FENCE.matcher(text);
    boolean fenced = false;
    while (fence.find()) {
      fenced = !fenced;
    }
    String line = text.substring(text.lastIndexOf('\n') + 1);
    return fenced || line.chars().filter(c -> c == '`').count() % 2 == 1;
  }
}
