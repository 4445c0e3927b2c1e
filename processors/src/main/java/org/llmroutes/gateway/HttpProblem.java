package org.llmroutes.gateway;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.RefusedCredentials;

/**
 * What a request is answered with instead of what it asked for: a status and the error of the
 * contract.
 */
public final class HttpProblem extends RuntimeException {
  private static final String RETRY_AFTER = "Retry-After";

  private final int status;
  private final String code;
  private final boolean retryable;
  private final String param;
  private final transient Map<String, String> headers;

  /**
   * @param message for whoever asks; holds no secret
   */
  public HttpProblem(int status, String code, String message, boolean retryable) {
    this(status, code, message, retryable, null, Map.of());
  }

  private HttpProblem(
      int status,
      String code,
      String message,
      boolean retryable,
      String param,
      Map<String, String> headers) {
    super(message);
    this.headers = headers;
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.param = param;
  }

  /** A field of the request that cannot be as it is. */
  public static HttpProblem ofField(String field, String message) {
    return new HttpProblem(400, "invalid_message", field + ": " + message, false, field, Map.of());
  }

  /** What a final response says of its failure; empty where it is good. */
  static Optional<HttpProblem> in(Map<String, Object> response) {
    return response.get("error") instanceof Map<?, ?> error
        ? Optional.of(
            of(ErrorCode.ofWire((String) error.get("code")), (String) error.get("message")))
        : Optional.empty();
  }

  static HttpProblem of(ErrorCode code, String message) {
    return new HttpProblem(status(code), code.wire(), message, code.retryable());
  }

  /** What failed, without the words of whatever is not written for clients. */
  static HttpProblem of(Throwable failure) {
    if (failure instanceof HttpProblem known) {
      return known;
    }
    if (failure instanceof RefusedCredentials refused) {
      return unauthenticated(refused.getMessage());
    }
    if (failure instanceof TurnException known) {
      return of(known.code(), known.getMessage());
    }
    return failure instanceof IOException
        ? of(ErrorCode.UNAVAILABLE, "NATS cannot be reached")
        : of(ErrorCode.INTERNAL, "An unexpected error");
  }

  /** The challenge is what RFC 9110 asks of 401, and RFC 6750 of whoever takes bearer tokens. */
  static HttpProblem unauthenticated(String message) {
    return new HttpProblem(
        401, "unauthenticated", message, false, null, Map.of("WWW-Authenticate", "Bearer"));
  }

  /**
   * Somebody asks for more than a quota.
   *
   * @param seconds until asking again is worth it
   */
  static HttpProblem overQuota(String message, long seconds) {
    return new HttpProblem(
        429, "over_quota", message, true, null, Map.of(RETRY_AFTER, Long.toString(seconds)));
  }

  /** What is asked for does not exist, or is not for whoever asks. */
  public static HttpProblem unknown(String what) {
    return new HttpProblem(404, "not_found", what, false);
  }

  /** The status for an error of the contract. */
  static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_MESSAGE -> 400;
      case USER_MISMATCH -> 403;
      case TOO_LARGE -> 413;
      case REJECTED, RUN_FAILED, UNKNOWN -> 422;
      case UNAVAILABLE -> 503;
      case TIMEOUT -> 504;
      case INTERNAL -> 500;
    };
  }

  public int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** Headers that belong to the status. */
  Map<String, String> headers() {
    return headers;
  }

  /** The field that is wrong, or null. */
  String param() {
    return param;
  }

  /**
   * {@code {"error": {"code", "message", "retryable", "retry_after_s"}}}, the last where it is
   * known: a WebSocket has no headers.
   */
  Map<String, Object> body() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", getMessage());
    error.put("retryable", retryable);
    if (headers.containsKey(RETRY_AFTER)) {
      error.put("retry_after_s", Long.valueOf(headers.get(RETRY_AFTER)));
    }
    return Map.of("error", error);
  }
}
