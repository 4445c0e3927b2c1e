package org.llmroutes.cli;

import org.llmroutes.identity.UserNames;
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
    throw new TypeConversionException(
        "must be 1 to 128 of A-Z a-z 0-9 _ -"
            + UserNames.toToken(text)
                .map(
                    token ->
                        ", is " + Printable.line(text) + "; a name that is not is written " + token)
                .orElse(""));
  }
}
