package org.llmroutes.turn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * Why a request failed, in words that may leave the house.
 *
 * @param reason one line; of an unexpected exception only that there was one
 */
public record Failure(ErrorCode code, String reason) {

  /** The {@code error} of a message. */
  public Map<String, Object> wire() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code.wire());
    error.put("message", reason);
    error.put("retryable", code.retryable());
    return error;
  }

  /** Of the exception that the error policy handles. */
  public static Failure of(Exchange exchange) {
    TurnException known = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, TurnException.class);
    return known == null
        ? new Failure(
            ErrorCode.INTERNAL, "An unexpected error; the log names it under this request_id")
        : new Failure(known.code(), known.getMessage().replaceAll("\\s+", " "));
  }
}
