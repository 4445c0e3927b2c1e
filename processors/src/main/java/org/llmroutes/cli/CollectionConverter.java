package org.llmroutes.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of Milvus collections. */
final class CollectionConverter implements ITypeConverter<String> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  @Override
  public String convert(String text) {
    if (NAME.matcher(text).matches()) {
      return text;
    }
    throw new TypeConversionException(
        "A collection name is letters, digits and _, not " + Printable.line(text));
  }
}
