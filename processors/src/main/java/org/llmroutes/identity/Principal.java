package org.llmroutes.identity;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llmroutes.turn.TurnOpening;

/**
 * Who may read a document, and who a user is, in the same words: {@code user:NAME}, {@code
 * group:NAME} or {@code public}. A user's name is a subject token; a group's is 1 to 128
 * characters, none of them a control character or at its ends a space, in the composed form (NFC).
 */
public final class Principal {
  /** What everybody is. */
  public static final String PUBLIC = "public";

  /** Bytes in UTF-8 that one has at most. */
  public static final int MAX_BYTES = 6 + 4 * 128;

  private static final String USER = "user:";
  private static final String GROUP = "group:";
  private static final Pattern GROUP_NAME =
      Pattern.compile("(?!\\h)[^\\p{Cc}\\p{Cs}\\u2028\\u2029]{1,128}(?<!\\h)");

  private Principal() {}

  /** The user of that name. */
  public static String user(String name) {
    return USER + name;
  }

  /** The group of that name; empty for what cannot be one, which then nobody reads by. */
  public static Optional<String> group(String name) {
    String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
    return GROUP_NAME.matcher(composed).matches()
        ? Optional.of(GROUP + composed)
        : Optional.empty();
  }

  /**
   * One as a person wrote it.
   *
   * @throws IllegalArgumentException for anything else, with what it should be
   */
  public static String parse(String text) {
    String written = text.strip();
    if (PUBLIC.equals(written)) {
      return PUBLIC;
    } else if (written.startsWith(GROUP)) {
      return group(written.substring(GROUP.length()))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "a group has 1 to 128 characters and no control characters: " + written));
    } else if (written.startsWith(USER)) {
      return parseUser(written.substring(USER.length()));
    }
    throw new IllegalArgumentException(
        "a reader is user:NAME, group:NAME or public, not \"" + written + "\"");
  }

  private static String parseUser(String name) {
    if (TurnOpening.isToken(name)) {
      return user(name);
    }
    throw new IllegalArgumentException(
        "a user is 1 to 128 of A-Z a-z 0-9 _ -, other characters written as _XX and _ as __, not \""
            + name
            + "\"");
  }
}
