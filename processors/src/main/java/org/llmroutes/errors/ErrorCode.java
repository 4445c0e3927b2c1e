package org.llmroutes.errors;

import java.util.Locale;

/** The closed list of error codes a client can see; the wire form is the name in lower case. */
public enum ErrorCode {
  INVALID_MESSAGE(false),
  USER_MISMATCH(false),
  TOO_LARGE(false),
  UNAVAILABLE(true),
  TIMEOUT(true),
  REJECTED(false),
  RUN_FAILED(false),
  UNKNOWN(false),
  INTERNAL(true);

  private final boolean retryable;

  ErrorCode(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether the same request may succeed when it is sent again later. */
  public boolean retryable() {
    return retryable;
  }

  /** The code that stands so in messages. */
  public static ErrorCode ofWire(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }

  /** The code as it stands in messages, for instance {@code invalid_message}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
