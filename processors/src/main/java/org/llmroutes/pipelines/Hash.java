package org.llmroutes.pipelines;

import org.llmroutes.contract.Sha256;

/** What stands for a text that is too long for a name. */
final class Hash {
  private static final int DIGITS = 20;

  private Hash() {}

  /** The beginning of its SHA-256, 20 hex digits. */
  static String of(String text) {
    return Sha256.of(text).substring(0, DIGITS);
  }
}
