package org.llmroutes.ingest;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Tables as text, separated by whatever their first lines have the most of. */
final class CsvParser implements DocumentParser {
  /** How Excel says what separates, on a line before the table. */
  private static final Pattern EXCEL_SEPARATOR = Pattern.compile("\\Asep=.\\R");

  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final int FIRST_LINES = 20;

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    String text = EXCEL_SEPARATOR.matcher(TextEncoding.decode(content)).replaceFirst("");
    CSVFormat format =
        CSVFormat.Builder.create(CSVFormat.DEFAULT).setDelimiter(delimiter(text)).get();
    Outline outline = new Outline();
    try {
      read(text, format, outline);
    } catch (IOException | UncheckedIOException e) {
      readWithoutQuotes(text, format, outline);
    }
    return new ParsedDocument(outline.sections(name));
  }

  private static void readWithoutQuotes(String text, CSVFormat format, Outline outline)
      throws InvalidDocument {
    try {
      read(text, CSVFormat.Builder.create(format).setQuote(null).get(), outline);
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidDocument("is not a readable table: " + e.getMessage(), e);
    }
  }

  private static void read(String text, CSVFormat format, Outline outline) throws IOException {
    Table table = new Table("");
    for (CSVRecord row : format.parse(new StringReader(text))) {
      table.add(List.of(row.values()));
    }
    if (!table.isEmpty()) {
      outline.lines(table.lines());
    }
  }

  private static char delimiter(String text) {
    String first = String.join("\n", text.lines().limit(FIRST_LINES).toList());
    String unquoted = QUOTED.matcher(first).replaceAll("");
    return Stream.of(',', ';', '\t', '|')
        .max(Comparator.comparingLong(d -> unquoted.chars().filter(c -> c == d).count()))
        .orElseThrow();
  }
}
