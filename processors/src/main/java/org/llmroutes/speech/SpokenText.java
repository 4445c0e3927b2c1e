package org.llmroutes.speech;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Markdown as it is read aloud: words stay, marks, citations, addresses behind links and whole
 * blocks of code go.
 */
final class SpokenText {
  private static final Pattern CODE_BLOCK =
      Pattern.compile("(?ms)^[ \\t]*(```|~~~).*?(^[ \\t]*\\1[`~]*[ \\t]*$|\\z)");
  private static final Pattern CITATION =
      Pattern.compile("\\s*\\[\\d{1,3}(?:\\s*[,;–-]\\s*\\d{1,3})*](?!\\()");
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]\\n]*)]\\([^)\\s]*[^)]*\\)");
  private static final Pattern RULE_OR_TABLE_LINE =
      Pattern.compile("(?m)^[ \\t]*(?:[-*_=][ \\t]*){3,}$|^[ \\t]*[|:-][|: \\t-]+$");
  private static final Pattern LINE_MARK =
      Pattern.compile("(?m)^[ \\t]*(?:(?:>|#{1,6}|[-*+•])[ \\t]+)+(?:\\[[ xX]][ \\t]+)?");
  private static final Pattern TABLE_EDGE = Pattern.compile("(?m)^[ \\t]*\\||\\|[ \\t]*$");
  private static final Pattern TABLE_CELL = Pattern.compile("[ \\t]*\\|[ \\t]*");

  /** Emphasis, inline code and strikethrough; a lone star or an underscore in a name is none. */
  private static final Pattern INLINE_MARK =
      Pattern.compile(
          "`+|~~|\\*{2,}|(?<![\\s\\d])\\*|\\*(?![\\s\\d])|(?<!\\w)_{1,3}(?=\\S)|(?<=\\S)_{1,3}(?!\\w)");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(\\p{Punct})");

  /** Followed by another line, it is read with a pause. */
  private static final Pattern LINE_WITHOUT_END = Pattern.compile("[\\p{L}\\p{N})%](?=\\n)");

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");

  private SpokenText() {}

  /** What is said for a piece of an answer; empty where there is nothing to say. */
  static String of(String markdown) {
    String text = CODE_BLOCK.matcher(markdown).replaceAll("");
    text = CITATION.matcher(text).replaceAll("");
    text = LINK.matcher(text).replaceAll("$1");
    text = RULE_OR_TABLE_LINE.matcher(text).replaceAll("");
    text = LINE_MARK.matcher(text).replaceAll("");
    text = TABLE_EDGE.matcher(text).replaceAll("");
    text = TABLE_CELL.matcher(text).replaceAll(", ");
    text = INLINE_MARK.matcher(text).replaceAll("");
    text = ESCAPE.matcher(text).replaceAll("$1");
    text =
        text.lines()
            .filter(line -> WORD.matcher(line).find())
            .map(String::strip)
            .collect(Collectors.joining("\n"));
    text = LINE_WITHOUT_END.matcher(text).replaceAll("$0.");
    return SPACE.matcher(text).replaceAll(" ").strip();
  }
}
