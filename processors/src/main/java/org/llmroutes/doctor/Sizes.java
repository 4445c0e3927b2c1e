package org.llmroutes.doctor;

import java.util.Locale;

/** Bytes in words. */
final class Sizes {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};
  private static final int STEP = 1024;

  private Sizes() {}

  /** For instance {@code 1.5 GB}. */
  static String of(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= STEP && unit < UNITS.length - 1) {
      size /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS[unit]);
  }
}
