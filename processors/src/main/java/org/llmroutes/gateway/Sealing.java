package org.llmroutes.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.llmroutes.config.Settings;

/**
 * Encrypts what browsers keep for us, so that they can neither read nor change it: AES-256-GCM with
 * a random nonce. What was sealed for one purpose cannot be opened for another. Safe for concurrent
 * use.
 */
final class Sealing {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LEAST_OF_A_SECRET = 32;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param secret the same wherever it is to be opened
   */
  Sealing(String secret) {
    try {
      Mac derivation = Mac.getInstance("HmacSHA256");
      derivation.init(
          new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), derivation.getAlgorithm()));
      this.key =
          new SecretKeySpec(
              derivation.doFinal("llm-routes cookies".getBytes(StandardCharsets.UTF_8)), "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HMAC with SHA-256", e);
    }
  }

  /**
   * By {@code auth.login.secret}; without one by a key of this instance.
   *
   * @throws IllegalArgumentException where it could be guessed
   */
  static Sealing of(Settings settings) {
    String secret = settings.get("auth.login.secret");
    if (secret.isEmpty()) {
      byte[] random = new byte[LEAST_OF_A_SECRET];
      new SecureRandom().nextBytes(random);
      return new Sealing(Base64.getEncoder().encodeToString(random));
    }
    if (secret.length() < LEAST_OF_A_SECRET) {
      throw new IllegalArgumentException(
          "auth.login.secret must have "
              + LEAST_OF_A_SECRET
              + " characters at least, has "
              + secret.length());
    }
    return new Sealing(secret);
  }

  /** Text that a cookie can hold. */
  String seal(String purpose, byte[] content) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(content);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES with GCM", e);
    }
  }

  /** Empty for whatever was not sealed here for this purpose. */
  Optional<byte[]> open(String purpose, String sealed) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(sealed));
      if (bytes.remaining() < NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = new byte[NONCE_BYTES];
      bytes.get(nonce);
      byte[] content = new byte[bytes.remaining()];
      bytes.get(content);
      return Optional.of(cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(content));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
