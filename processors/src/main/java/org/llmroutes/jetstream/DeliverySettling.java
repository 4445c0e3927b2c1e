package org.llmroutes.jetstream;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles deliveries by the outcome of their exchanges, and tells of failures. Safe for concurrent
 * use.
 */
final class DeliverySettling {
  private static final Logger LOG = LoggerFactory.getLogger(DeliverySettling.class);

  private final JetStreamEndpoint endpoint;
  private final DeliveryMeters meters;

  DeliverySettling(JetStreamEndpoint endpoint, DeliveryMeters meters) {
    this.endpoint = endpoint;
    this.meters = meters;
  }

  /**
   * @throws IllegalArgumentException where the route asks for a settlement that does not exist
   */
  void settle(Exchange exchange, Delivery delivery) {
    Settlement settlement = of(exchange);
    meters.settled(settlement);
    try {
      switch (settlement) {
        case ACK -> delivery.ack();
        case TERM -> delivery.term();
        case NAK -> delivery.nak(endpoint.delayAfter(delivery.count()));
        case NONE -> LOG.debug("Message {} is left to another delivery", delivery.sequence());
      }
    } catch (IllegalStateException e) {
      LOG.warn(
          "Message {} is not settled and will be delivered again: {}",
          delivery.sequence(),
          e.getMessage());
    }
    Tracing.current().set(Names.SETTLEMENT, settlement.name().toLowerCase(Locale.ROOT));
    if (exchange.getException() != null) {
      Tracing.current().fail(exchange.getException());
      tell(delivery, settlement, exchange.getException());
    }
  }

  /** What the route asks for, else what its end means. */
  private static Settlement of(Exchange exchange) {
    String wanted = exchange.getProperty(JetStreamConstants.SETTLEMENT, String.class);
    if (wanted != null) {
      return Settlement.valueOf(wanted.toUpperCase(Locale.ROOT));
    }
    return exchange.getException() == null && !exchange.isRollbackOnly()
        ? Settlement.ACK
        : Settlement.NAK;
  }

  /** The first time with where it happened, then in one line. */
  private void tell(Delivery delivery, Settlement settlement, Exception failure) {
    LOG.atWarn()
        .addKeyValue("stream", endpoint.getStream())
        .addKeyValue("sequence", delivery.sequence())
        .addKeyValue("delivery", delivery.count())
        .addKeyValue(
            "again_in",
            settlement == Settlement.NAK ? endpoint.delayAfter(delivery.count()) : "never")
        .setCause(delivery.count() == 1 || LOG.isDebugEnabled() ? failure : null)
        .log("message failed: {}", failure.toString().replaceAll("\\s+", " "));
  }
}
