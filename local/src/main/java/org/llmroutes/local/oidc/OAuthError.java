package org.llmroutes.local.oidc;

/** What a client did wrong, as RFC 6749 and RFC 8628 name it. */
final class OAuthError extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param code the value of {@code error}
   */
  OAuthError(String code) {
    super(code);
  }
}
