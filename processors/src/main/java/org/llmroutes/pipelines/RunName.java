package org.llmroutes.pipelines;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names runs after their requests. */
final class RunName {
  private static final int HASH_BYTES = 10;

  private RunName() {}

  /** {@code {pipeline}-{hash of request_id}}, a DNS label of at most 63 characters. */
  static String of(String pipeline, String requestId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
      return pipeline + "-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
