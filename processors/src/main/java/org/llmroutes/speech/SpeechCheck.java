package org.llmroutes.speech;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides whether somebody has spoken. Whisper makes words of silence and noise, mostly the endings
 * of films; so the audio itself is asked first, then what the service thinks of it, and phrases
 * only where both leave it open.
 */
final class SpeechCheck {
  /** Whisper's own bound is 0.6; it lets a transcript pass that it is sure of. */
  private static final double HARDLY_SPEECH = 0.8;

  private static final double PERHAPS_SPEECH = 0.6;
  private static final double SURELY_SPEECH = 0.3;

  /** Some models, large-v3-turbo among them, give all audio a probability of almost nothing. */
  private static final double NOT_TOLD = 1e-6;

  /** [BLANK_AUDIO], (music), *sighs*, ♪ la la ♪, &lt;|nospeech|&gt;. */
  private static final Pattern NOT_SPOKEN =
      Pattern.compile("\\[[^\\]]*]|\\([^)]*\\)|（[^）]*）|【[^】]*】|\\*[^*]*\\*|♪[^♪]*♪|<[^>]*>");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");

  private SpeechCheck() {}

  /**
   * Whether the transcript holds what somebody said.
   *
   * @param loudness of the audio, where it can be measured
   */
  static boolean isSaid(Transcript transcript, Optional<Loudness> loudness) {
    String text = transcript.text();
    boolean words = WORD.matcher(NOT_SPOKEN.matcher(text).replaceAll("")).find();
    if (!words || StockPhrases.CREDITS.isAll(text)) {
      return false;
    }
    boolean clear = loudness.filter(Loudness::isClear).isPresent();
    double noSpeech = transcript.noSpeech() < NOT_TOLD ? Double.NaN : transcript.noSpeech();
    boolean doubtful = noSpeech > PERHAPS_SPEECH;
    if (noSpeech > HARDLY_SPEECH || doubtful && !clear) {
      return false;
    }
    boolean spoken = !doubtful && (clear || noSpeech < SURELY_SPEECH);
    // people do say the short ones, so it takes a reason to doubt them
    boolean unknown = loudness.isEmpty() && Double.isNaN(noSpeech);
    return spoken
        || !StockPhrases.FAREWELLS.isAll(text) && (unknown || !StockPhrases.FILLERS.isAll(text));
  }
}
