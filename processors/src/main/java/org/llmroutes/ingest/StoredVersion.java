package org.llmroutes.ingest;

/**
 * The version of a document as the collection keeps it, with what it lacks.
 *
 * @param hash as {@link Fingerprint} makes it
 * @param leftOut reads on after the name of the document; empty where nothing was left out
 */
record StoredVersion(String hash, String leftOut) {
  private static final int LENGTH = 500;

  /**
   * @param text null where there is none
   */
  static StoredVersion parse(String text) {
    String[] parts = String.valueOf(text).split(" ", 2);
    return new StoredVersion(parts[0], parts.length > 1 ? parts[1] : "");
  }

  String text() {
    String whole = leftOut.isEmpty() ? hash : hash + " " + leftOut;
    return whole.length() > LENGTH
        ? whole.substring(0, whole.offsetByCodePoints(0, LENGTH / 2))
        : whole;
  }
}
