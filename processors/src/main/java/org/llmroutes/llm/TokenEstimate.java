package org.llmroutes.llm;

/**
 * How many tokens a text is, roughly, without the model's tokenizer: four characters a token for
 * alphabetic scripts, one token a character for Han, Kana and Hangul. Meant for budgets, where
 * being a fifth off does no harm.
 */
public final class TokenEstimate {
  private TokenEstimate() {}

  public static int of(String text) {
    double tokens = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      tokens += weight(text.codePointAt(i));
    }
    return (int) Math.ceil(tokens);
  }

  /** The longest beginning of the text that is at most so many tokens, cut between characters. */
  public static String cut(String text, int tokens) {
    double left = tokens;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      left -= weight(text.codePointAt(i));
      if (left < 0) {
        return text.substring(0, i);
      }
    }
    return text;
  }

  private static double weight(int codePoint) {
    return codePoint >= 0x2e80
            && (Character.isIdeographic(codePoint)
                || codePoint >= 0x3040 && codePoint <= 0x30ff
                || codePoint >= 0xac00 && codePoint <= 0xd7af)
        ? 1
        : 0.25;
  }
}
