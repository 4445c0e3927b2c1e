package org.llmroutes.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Hashes that tell chunks and versions of documents apart, the same on every machine. */
final class Fingerprint {
  private Fingerprint() {}

  /** Primary key of a chunk. */
  static String id(String document, int chunk) {
    return hex(digest((document + "\n" + chunk).getBytes(StandardCharsets.UTF_8)));
  }

  /** Version of a document: differs where ingesting it again would write something else. */
  static String version(byte[] content, Map<String, Object> metadata, String model) {
    Map<String, String> typed = new TreeMap<>();
    metadata.forEach((name, value) -> typed.put(name, value.getClass().getName() + value));
    String settings = Chunker.VERSION + "\n" + model + "\n" + typed + "\n";
    return hex(digest(settings.getBytes(StandardCharsets.UTF_8), content));
  }

  private static byte[] digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, 16);
  }
}
