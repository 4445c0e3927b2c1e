package org.llmroutes.nats;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** {@link AllowedHeaders} for camel-nats: {@code headerFilterStrategy=#allowedHeaders}. */
public final class AllowedHeaderFilterStrategy implements HeaderFilterStrategy {

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !AllowedHeaders.outbound(name);
  }

  /** camel-nats shows all values of a header, and hands on one alone as it is. */
  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return !(value instanceof List<?> values
        && values.size() == 1
        && AllowedHeaders.inbound(name, String.valueOf(values.get(0))));
  }
}
