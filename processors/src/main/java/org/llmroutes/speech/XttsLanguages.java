package org.llmroutes.speech;

import java.util.Map;

/**
 * The languages of XTTS v2 and how long a text it takes in each; what is longer is cut off or
 * refused.
 *
 * @see <a href="https://github.com/idiap/coqui-ai-TTS">TTS/tts/layers/xtts/tokenizer.py</a>
 */
final class XttsLanguages {
  private static final String DEFAULT = "en";
  private static final Map<String, Integer> LONGEST =
      Map.ofEntries(
          Map.entry(DEFAULT, 250),
          Map.entry("de", 253),
          Map.entry("fr", 273),
          Map.entry("es", 239),
          Map.entry("it", 213),
          Map.entry("pt", 203),
          Map.entry("pl", 224),
          Map.entry("zh", 82),
          Map.entry("ar", 166),
          Map.entry("cs", 186),
          Map.entry("ru", 182),
          Map.entry("nl", 251),
          Map.entry("tr", 226),
          Map.entry("ja", 71),
          Map.entry("hu", 224),
          Map.entry("ko", 95),
          Map.entry("hi", 150));

  private XttsLanguages() {}

  /** Code points of a text at most. */
  static int longest(String language) {
    return LONGEST.getOrDefault(language, LONGEST.get(DEFAULT));
  }

  /** How XTTS calls a language; English for those that it does not speak. */
  static String code(String language) {
    return "zh".equals(language) ? "zh-cn" : LONGEST.containsKey(language) ? language : DEFAULT;
  }
}
