package org.llmroutes.retrieval;

/**
 * How many tokens an embedding model or a reranker makes of a text, roughly and rather too many:
 * what the vocabulary of an English BERT does, the smallest in use. Prose in English is met within
 * a tenth, other scripts come out a character a token; long words of a language that the vocabulary
 * does not know, and base64, are up to half as much again.
 */
public final class EncoderTokens {
  /** What is counted are sixths, which all that has a weight here is made of. */
  private static final int TOKEN = 6;

  /** Letters of a word that are one token; from there on, three more are one each. */
  private static final int WHOLE = 5;

  private static final int FURTHER = TOKEN / 3;
  private static final int DIGIT = TOKEN * 2 / 3;

  /** What stood before, which says whether a letter begins a word. */
  private enum Kind {
    LOWER,
    UPPER,
    OTHER
  }

  private int sum;
  private int letters;
  private Kind before = Kind.OTHER;

  private EncoderTokens() {}

  /** Without the tokens that the model itself puts around a text. */
  public static int of(String text) {
    EncoderTokens tokens = new EncoderTokens();
    text.codePoints().forEach(tokens::add);
    return (tokens.sum + TOKEN - 1) / TOKEN;
  }

  /** The longest beginning of the text that is at most so many tokens, cut between characters. */
  public static String cut(String text, int most) {
    EncoderTokens tokens = new EncoderTokens();
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      tokens.add(character);
      if (tokens.sum > (long) most * TOKEN) {
        return text.substring(0, i);
      }
      i += Character.charCount(character);
    }
    return text;
  }

  private void add(int character) {
    if (isLatin(character)) {
      letter(character);
    } else {
      before = Kind.OTHER;
      sum += weight(character);
    }
  }

  private static boolean isLatin(int character) {
    if (character < 0x80) {
      return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z';
    }
    return character < 0x250 && Character.isLetter(character)
        || character >= 0x1e00 && character < 0x1f00;
  }

  /** Of the Latin script; a capital after a small letter begins a word, as in names of code. */
  private void letter(int character) {
    boolean upper = character < 0x80 ? character <= 'Z' : Character.isUpperCase(character);
    Kind kind = upper ? Kind.UPPER : Kind.LOWER;
    boolean begins = before == Kind.OTHER || kind == Kind.UPPER && before == Kind.LOWER;
    letters = begins ? 1 : letters + 1;
    before = kind;
    if (begins) {
      sum += TOKEN;
    } else if (kind == Kind.UPPER) {
      // more often an abbreviation or a code than a word
      sum += TOKEN / 2;
    } else if (letters > WHOLE) {
      sum += FURTHER;
    }
    // a letter with a mark is a token in many vocabularies, and nothing in some
    sum += character < 0x80 ? 0 : TOKEN / 2;
  }

  private static int weight(int character) {
    if (character == ' ' || Character.isWhitespace(character)) {
      return 0;
    } else if (character >= '0' && character <= '9') {
      return DIGIT;
    }
    // Hangul is taken apart into its sounds, and what is rare into bytes
    boolean several =
        character >= 0xac00 && character <= 0xd7af || Character.isSupplementaryCodePoint(character);
    return several ? 2 * TOKEN : TOKEN;
  }
}
