package org.llmroutes.speech;

/**
 * Tells tones and voices, which repeat themselves some hundred times a second, from noise: by
 * autocorrelation, which finds a voice that is as loud as the noise around it.
 */
final class Pitch {
  private static final int LOWEST_HERTZ = 60;
  private static final int HIGHEST_HERTZ = 400;

  /** Samples a second that are enough for this. */
  private static final int RATE = 4000;

  /** Takes out rumbling below 100 Hz, which is like itself for long. */
  private static final float HIGH_PASS = 0.85f;

  private static final int PIECES = 50;

  /** Noise of any colour stays below 0.4. */
  private static final double LIKE_ITSELF = 0.5;

  private final Samples samples;
  private final int step;
  private final int shortest;
  private final int longest;

  private Pitch(Samples samples) {
    this.samples = samples;
    step = Math.max(1, samples.rate() / RATE);
    shortest = samples.rate() / step / HIGHEST_HERTZ;
    longest = samples.rate() / step / LOWEST_HERTZ;
  }

  /** Whether one of some pieces, spread over the whole sound, repeats itself. */
  static boolean isIn(Samples samples) {
    return new Pitch(samples).isInSome();
  }

  private boolean isInSome() {
    int length = 5 * longest;
    int room = samples.count() - step * length;
    for (int piece = 0; piece < PIECES && room > 0; piece++) {
      if (likeness(piece((int) ((long) room * piece / PIECES), length)) > LIKE_ITSELF) {
        return true;
      }
    }
    // what is too short for this may be anything
    return room <= 0;
  }

  private float[] piece(int from, int length) {
    float[] piece = new float[length];
    float before = 0;
    for (int i = 0; i < length; i++) {
      float mean = 0;
      for (int j = 0; j < step; j++) {
        mean += samples.at(from + i * step + j) / step;
      }
      piece[i] = i == 0 ? 0 : mean - before + HIGH_PASS * piece[i - 1];
      before = mean;
    }
    return piece;
  }

  /** How much a piece is like what follows it by one period, at best; 1 is the same. */
  private double likeness(float[] piece) {
    double best = 0;
    for (int lag = shortest; lag <= longest; lag++) {
      double product = 0;
      double mine = 0;
      double later = 0;
      for (int i = 0; i + longest < piece.length; i++) {
        product += piece[i] * piece[i + lag];
        mine += piece[i] * piece[i];
        later += piece[i + lag] * piece[i + lag];
      }
      double energy = Math.sqrt(mine * later);
      best = Math.max(best, energy == 0 ? 1 : product / energy);
    }
    return best;
  }
}
