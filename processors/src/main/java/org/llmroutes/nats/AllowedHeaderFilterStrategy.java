package org.llmroutes.nats;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** {@link AllowedHeaders} for camel-nats: {@code headerFilterStrategy=#allowedHeaders}. */
public final class AllowedHeaderFilterStrategy implements HeaderFilterStrategy {

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !AllowedHeaders.outbound(name);
  }

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return !AllowedHeaders.inbound(name, String.valueOf(value));
  }
}
