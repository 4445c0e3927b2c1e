package org.llmroutes.deadletters;

import io.nats.client.Message;
import java.time.Instant;

/**
 * Which dead letters are meant.
 *
 * @param family {@code chat}, {@code voice} or {@code pipeline}, or null for all
 * @param code the error code as it stands in messages, or null for any
 * @param before only those stored before then, or null for any time
 */
public record Selection(String family, String code, Instant before) {

  String subject() {
    return "ai.dlq." + (family == null ? "*" : family);
  }

  /**
   * @param head the message; its payload is not looked at
   */
  boolean accepts(Message head) {
    return (code == null
            || head.hasHeaders() && code.equals(head.getHeaders().getFirst("Dlq-Error-Code")))
        && (before == null || head.metaData().timestamp().toInstant().isBefore(before));
  }
}
