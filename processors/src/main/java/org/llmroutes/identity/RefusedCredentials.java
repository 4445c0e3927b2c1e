package org.llmroutes.identity;

/** Credentials that are missing, or not good. The message is for whoever asks. */
public final class RefusedCredentials extends RuntimeException {
  /**
   * @param message holds no secret
   */
  public RefusedCredentials(String message) {
    super(message);
  }
}
