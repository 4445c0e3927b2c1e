package org.llmroutes.turn;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** The step that accepts a decoded message, and what it requires of every kind of them. */
public abstract class Acceptance extends TurnProcessor {
  /**
   * @throws TurnException {@code invalid_message} where the body is no map
   */
  @SuppressWarnings("unchecked") // the msgpack data format refuses keys that are not strings
  protected static Map<String, Object> fields(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof Map<?, ?> body) {
      return (Map<String, Object>) body;
    }
    throw new TurnException(ErrorCode.INVALID_MESSAGE, "The message must be a MessagePack map");
  }

  /**
   * The message with its defaults, fields that are nil left out.
   *
   * @throws TurnException {@code invalid_message} with what is wrong
   */
  protected final Map<String, Object> complete(String schema, Map<String, Object> fields) {
    return service(Schemas.class).withDefaults(schema, valid(schema, fields));
  }

  /** The same without the defaults. */
  protected final Map<String, Object> valid(String schema, Map<String, Object> fields) {
    Schemas schemas = service(Schemas.class);
    Map<String, Object> canonical = schemas.canonical(schema, fields);
    Optional<String> violation = schemas.violation(schema, canonical);
    if (violation.isPresent()) {
      throw new TurnException(ErrorCode.INVALID_MESSAGE, violation.get());
    }
    return canonical;
  }
}
