package org.llmroutes.speech;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Whisper has learnt from subtitles and says where there is nothing to hear. Each kind is a
 * text file of regular expressions, one a line, for words in lower case without marks.
 */
enum StockPhrases {
  /** Who made the subtitles; nobody says that to an assistant. */
  CREDITS("credits.txt"),
  /** How films end. */
  FAREWELLS("farewells.txt"),
  /** Words that stand for any sound. */
  FILLERS("fillers.txt");

  private static final Pattern SENTENCE_END = Pattern.compile("[.!?…。！？।؟۔\\n]+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");

  private final Pattern phrases;

  StockPhrases(String file) {
    try (InputStream in = StockPhrases.class.getResourceAsStream(file)) {
      phrases =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .collect(Collectors.collectingAndThen(Collectors.joining("|"), Pattern::compile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a text consists of such phrases and nothing else. */
  boolean isAll(String text) {
    if (phrases.matcher(words(text)).matches()) {
      return true;
    }
    List<String> sentences =
        Arrays.stream(SENTENCE_END.split(text))
            .map(StockPhrases::words)
            .filter(words -> !words.isEmpty())
            .toList();
    return !sentences.isEmpty()
        && sentences.stream().allMatch(words -> phrases.matcher(words).matches());
  }

  private static String words(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return NO_WORD.matcher(plain).replaceAll(" ").strip();
  }
}
