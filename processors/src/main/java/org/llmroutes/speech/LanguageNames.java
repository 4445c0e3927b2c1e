package org.llmroutes.speech;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Languages as Whisper calls them: OpenAI's API answers with "german", others with "de". */
public final class LanguageNames {
  private static final Map<String, String> CODES = codes();

  private LanguageNames() {}

  private static Map<String, String> codes() {
    Map<String, String> codes = new HashMap<>();
    for (String code : Locale.getISOLanguages()) {
      Locale language = new Locale(code);
      codes.put(code, language.getLanguage());
      codes.put(language.getISO3Language(), language.getLanguage());
      codes.put(
          language.getDisplayLanguage(Locale.ENGLISH).toLowerCase(Locale.ROOT),
          language.getLanguage());
    }
    // names and codes of Whisper's own
    codes.putAll(
        Map.ofEntries(
            Map.entry("mandarin", "zh"),
            Map.entry("cantonese", "zh"),
            Map.entry("yue", "zh"),
            Map.entry("castilian", "es"),
            Map.entry("valencian", "ca"),
            Map.entry("flemish", "nl"),
            Map.entry("moldavian", "ro"),
            Map.entry("moldovan", "ro"),
            Map.entry("myanmar", "my"),
            Map.entry("nynorsk", "nn"),
            Map.entry("haitian creole", "ht"),
            Map.entry("jw", "jv"),
            Map.entry("iw", "he")));
    return codes;
  }

  /** ISO 639-1 code of a language by name, code or BCP 47 tag; empty where it is none. */
  static String code(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    return CODES.getOrDefault(plain, CODES.getOrDefault(plain.replaceFirst("[-_].*", ""), ""));
  }

  /** What OpenAI's API calls a language: its English name in small letters. */
  public static String name(String code) {
    return new Locale(code).getDisplayLanguage(Locale.ENGLISH).toLowerCase(Locale.ROOT);
  }
}
