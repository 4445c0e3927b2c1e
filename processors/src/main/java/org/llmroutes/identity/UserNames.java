package org.llmroutes.identity;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.llmroutes.turn.TurnOpening;

/**
 * Names of users as they are in subjects. A provider's name may hold anything; what a subject token
 * cannot hold is {@code _} and two hex digits for each byte of its UTF-8, and {@code _} itself is
 * {@code __}. So two names are never one: {@code ada@example.org} is {@code ada_40example_2Eorg}.
 */
public final class UserNames {
  private UserNames() {}

  /**
   * @return empty for a name that is empty, too long for a subject token, or no text at all
   */
  public static Optional<String> toToken(String name) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      StringBuilder token = new StringBuilder();
      while (bytes.hasRemaining()) {
        append(token, bytes.get());
      }
      return TurnOpening.token(token.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static void append(StringBuilder token, byte character) {
    if (character == '_') {
      token.append("__");
    } else if (TurnOpening.isToken(Character.toString(character & 0xff)) && character > 0) {
      token.append((char) character);
    } else {
      token.append(String.format("_%02X", character & 0xff));
    }
  }
}
