package org.llmroutes.errors;

/**
 * A request that cannot be answered as asked. The message is written for the client and holds no
 * secret.
 */
public class TurnException extends RuntimeException {
  private final transient ErrorCode code;

  public TurnException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public TurnException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
