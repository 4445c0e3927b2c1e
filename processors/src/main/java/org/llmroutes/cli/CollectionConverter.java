package org.llmroutes.cli;

import org.llmroutes.retrieval.DocumentCollection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of Milvus collections. */
final class CollectionConverter implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (DocumentCollection.isName(text)) {
      return text;
    }
    throw new TypeConversionException(
        "A collection name is letters, digits and _, not " + Printable.line(text));
  }
}
