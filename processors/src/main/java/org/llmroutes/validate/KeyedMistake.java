package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A message of a reader of configuration that says {@code FILE: key.of.entry …}. */
final class KeyedMistake {
  private static final Pattern KEY = Pattern.compile("[a-z_-]+(\\.[a-z0-9_-]+)+");

  private KeyedMistake() {}

  /** Notes it at the entry's place. */
  static void note(SourceFile source, String mistake) {
    String message = mistake.replaceFirst("^[^ ]*" + Pattern.quote(source.name()) + ": ", "");
    Matcher key = KEY.matcher(message);
    String pointer = key.find() ? "/" + key.group().replace('.', '/') : "";
    source.mistake(JsonPointer.compile(pointer), message);
  }
}
