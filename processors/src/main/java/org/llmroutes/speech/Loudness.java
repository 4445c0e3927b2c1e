package org.llmroutes.speech;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How loud a sound is over time, which tells silence and noise from what may be speech. Levels are
 * in dBFS: 0 is the loudest that a file can hold.
 */
final class Loudness {
  /** OpenAI's API refuses less, and no word fits into it. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private static final Duration WINDOW = Duration.ofMillis(20);

  /** The noise of a quiet room and a good microphone is below, speech from across it above. */
  private static final double AUDIBLE = -55;

  private static final double CLEAR = -45;
  private static final int CLEAR_WINDOWS = 5;

  /** Speech has pauses and consonants, so that its level changes by more. */
  private static final double STEADY = 10;

  private static final int STEADY_WINDOWS = 15;

  private final Duration duration;
  private final double[] levels;
  private final boolean steadyNoise;

  private Loudness(Samples samples) {
    duration = samples.duration();
    int window = (int) Math.max(1, samples.rate() * WINDOW.toMillis() / 1000);
    levels = new double[(samples.count() + window - 1) / window];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(samples, i * window, Math.min(samples.count(), (i + 1) * window));
    }
    Arrays.sort(levels);
    steadyNoise = isSteady() && !Pitch.isIn(samples);
  }

  /** Of audio that can be measured: a WAV that is not compressed. */
  static Optional<Loudness> of(Audio audio) {
    return Samples.of(audio).map(Loudness::new);
  }

  private static double level(Samples samples, int from, int to) {
    double energy = 0;
    for (int i = from; i < to; i++) {
      float sample = samples.at(i);
      energy += sample * sample;
    }
    return 10 * Math.log10(energy / (to - from) + 1e-12);
  }

  private boolean isSteady() {
    int from = levels.length / 20;
    return levels.length >= STEADY_WINDOWS
        && levels[levels.length - 1 - from] - levels[from] < STEADY;
  }

  /**
   * Whether no speech can be in it: it is too short or too quiet, or a noise that never changes.
   */
  boolean isWithoutSpeech() {
    return duration.compareTo(SHORTEST) < 0 || levels[levels.length - 1] < AUDIBLE || steadyNoise;
  }

  /** Whether there is enough, and loud enough, for a word. */
  boolean isClear() {
    return levels.length >= CLEAR_WINDOWS && levels[levels.length - CLEAR_WINDOWS] >= CLEAR;
  }
}
