package org.llmroutes.cli;

import java.nio.charset.StandardCharsets;
import org.llmroutes.turn.TurnOpening;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Users, sessions and request ids: tokens of NATS subjects. */
final class TokenConverter implements ITypeConverter<String> {

  @Override
  public String convert(String text) {
    if (TurnOpening.isToken(text)) {
      return text;
    }
    String escaped = escaped(text);
    throw new TypeConversionException(
        "must be 1 to 128 of A-Z a-z 0-9 _ -"
            + (TurnOpening.isToken(escaped)
                ? ", is " + Printable.line(text) + "; a name that is not is written " + escaped
                : ""));
  }

  /** One to one: each other character as {@code _XX}, its UTF-8 bytes in hex, and _ as __. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c == '_') {
        escaped.append("__");
      } else if (c < 0x80 && (Character.isLetterOrDigit(c) || c == '-')) {
        escaped.append(c);
      } else {
        escaped.append("_%02X".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
