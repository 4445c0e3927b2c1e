package org.llmroutes.local.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Codes of the authorization code flow (RFC 6749) with PKCE (RFC 7636); each is good once. */
final class AuthorizationCodes {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, Pending> pending = new ConcurrentHashMap<>();

  private record Pending(Grant grant, String redirect, String challenge) {}

  /** A text that nobody guesses. */
  static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  String issue(Grant grant, String redirect, String challenge) {
    String code = random();
    pending.put(code, new Pending(grant, redirect, challenge));
    return code;
  }

  Grant redeem(String code, String clientId, String redirect, String verifier) throws OAuthError {
    Pending asked = pending.remove(code);
    if (asked == null
        || !asked.grant().clientId().equals(clientId)
        || !asked.redirect().equals(redirect)
        || !asked.challenge().equals(challenge(verifier))) {
      throw new OAuthError("invalid_grant");
    }
    return asked.grant();
  }

  private static String challenge(String verifier) {
    try {
      byte[] text = verifier.getBytes(StandardCharsets.US_ASCII);
      return base64(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
