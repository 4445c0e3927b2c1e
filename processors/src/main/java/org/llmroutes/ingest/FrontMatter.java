package org.llmroutes.ingest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a Markdown file says of itself before its text: YAML between two lines of dashes, TOML
 * between two lines of plus signs, or a JSON object. It is never a part of the text, and what is
 * wrong with it never keeps the text out, unless that may be who reads it.
 *
 * @param entries by their names, but for {@code readers}
 * @param readers what is below each entry that is named so, in any case
 * @param text the file without it
 */
record FrontMatter(
    Map<String, Object> entries, List<Object> readers, String text, List<Warning> warnings) {
  private static final String READERS = "readers";

  /** Where readers would stand if what begins a file were front matter that can be read. */
  private static final Pattern UNREAD_READERS =
      Pattern.compile(
          "\\A[\\s\\uFEFF]*(?:---|\\+\\+\\+|\\{)(?s:.*?)(?:^|[{,])\\h*[\"']?readers[\"']?\\h*[:=]",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final int HEAD = 8192;

  private static final Pattern YAML =
      Pattern.compile(
          "\\A---[ \\t]*\\R(.*?)^(?:---|\\.\\.\\.)[ \\t]*(?:\\R|\\z)",
          Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern TOML =
      Pattern.compile(
          "\\A\\+\\+\\+[ \\t]*\\R(.*?)^\\+\\+\\+[ \\t]*(?:\\R|\\z)",
          Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern JSON = Pattern.compile("\\A\\{\\s*(?:\"|\\}\\s)");
  private static final Pattern BLANK_LINE_OR_END = Pattern.compile("\\h*(?:\\R|\\z)");

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final ObjectReader TOML_READER = new TomlMapper().readerFor(MAP);
  private static final ObjectReader JSON_READER = new JsonMapper().readerFor(MAP);

  /**
   * @throws InvalidDocument where it cannot be read, and may name readers
   */
  static FrontMatter of(String file) throws InvalidDocument {
    FrontMatter read = read(file);
    boolean whole = read.text().length() < file.length() && read.warnings().isEmpty();
    if (!whole && UNREAD_READERS.matcher(file).region(0, Math.min(HEAD, file.length())).find()) {
      throw new InvalidDocument(
          "begins with what may be front matter that names readers, and cannot be read as such; mend it, or name them otherwise");
    }
    return read;
  }

  private static FrontMatter read(String file) {
    Matcher yaml = YAML.matcher(file);
    if (yaml.find()) {
      return yaml(file, yaml.group(1), file.substring(yaml.end()));
    }
    Matcher toml = TOML.matcher(file);
    if (toml.find()) {
      return toml(toml.group(1), file.substring(toml.end()));
    }
    return JSON.matcher(file).find() ? json(file) : none(file);
  }

  private static FrontMatter none(String file) {
    return of(Map.of(), file, List.of());
  }

  private static FrontMatter of(Map<String, Object> read, String text, List<Warning> warnings) {
    Map<String, Object> entries = new LinkedHashMap<>();
    List<Object> readers = new ArrayList<>();
    read.forEach(
        (name, value) -> {
          if (READERS.equalsIgnoreCase(name.strip())) {
            readers.add(value);
          } else {
            entries.put(name, value);
          }
        });
    return new FrontMatter(entries, readers, text, warnings);
  }

  private static FrontMatter yaml(String file, String block, String text) {
    try {
      return YamlEntries.of(block)
          .map(entries -> of(entries, text, List.of()))
          .orElseGet(() -> none(file));
    } catch (YamlEngineException e) {
      return YamlEntries.looksLikeOne(block)
          ? of(YamlEntries.readable(block), text, notReadable("YAML", place(e)))
          : none(file);
    }
  }

  private static FrontMatter toml(String block, String text) {
    try {
      return of(TOML_READER.readValue(block), text, List.of());
    } catch (JsonProcessingException e) {
      return of(Map.of(), text, notReadable("TOML", place(e.getLocation())));
    }
  }

  /** Only an object with nothing beside it on its last line is one; else it is text. */
  private static FrontMatter json(String file) {
    try (JsonParser parser = JSON_READER.createParser(file)) {
      Map<String, Object> entries = JSON_READER.readValue(parser);
      int end = (int) parser.currentLocation().getCharOffset();
      Matcher line = BLANK_LINE_OR_END.matcher(file).region(end, file.length());
      return line.lookingAt() ? of(entries, file.substring(line.end()), List.of()) : none(file);
    } catch (IOException e) {
      return none(file);
    }
  }

  private static List<Warning> notReadable(String language, String place) {
    String reason = "has front matter that is not %s%s, so not all of it was read";
    return List.of(new Warning(reason.formatted(language, place), false));
  }

  /** In the file, whose first line is before the YAML. */
  private static String place(YamlEngineException e) {
    return e instanceof MarkedYamlEngineException marked
        ? marked.getProblemMark().map(mark -> " in line " + (mark.getLine() + 2)).orElse("")
        : "";
  }

  private static String place(JsonLocation location) {
    return location == null ? "" : " in line " + (location.getLineNr() + 1);
  }
}
