package org.llmroutes.config;

import java.time.Duration;

/**
 * Where Valkey is, and how long it is waited for.
 *
 * @param url for instance {@code redis://localhost:6379}, which may hold a password
 * @param timeout of connecting, and of each answer
 */
public record ValkeySettings(String url, Duration timeout) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One that is waited for as long as by people rather than by turns. */
  public static ValkeySettings at(String url) {
    return new ValkeySettings(url, PATIENCE);
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "Valkey, waited for " + timeout.toMillis() + " ms";
  }
}
