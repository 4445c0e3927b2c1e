package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.llmroutes.msgpack.TopLevelFields;
import org.llmroutes.nats.StoredMessages;

/**
 * Whether what the ledger says of a request still holds. It does not where the message that it
 * names is gone and no answer is stored: a stream was purged or made anew, or the bucket comes from
 * a backup.
 */
final class Standing {
  private final Connection connection;
  private final Responses responses;

  Standing(Connection connection) {
    this.connection = connection;
    this.responses = new Responses(connection);
  }

  /**
   * Whether a further message with the same request id is a copy: the owning one will be answered,
   * or was.
   *
   * @param response subject of the request's final response
   */
  boolean holds(LedgerEntry entry, String requestId, String response)
      throws IOException, JetStreamApiException {
    // in this order: a message goes once its response is stored
    return isOwed(entry, requestId) || responses.isStored(response);
  }

  /** Whether the owning message waits or is in work; another one can have its sequence by now. */
  boolean isOwed(LedgerEntry entry, String requestId) throws IOException, JetStreamApiException {
    int slash = entry.owner().indexOf('/');
    String stream = entry.owner().substring(0, slash);
    long sequence = Long.parseLong(entry.owner().substring(slash + 1));
    Optional<MessageInfo> owner =
        StoredMessages.find(() -> connection.jetStreamManagement().getMessage(stream, sequence));
    return owner.isPresent() && requestId.equals(requestId(owner.get()));
  }

  private static Object requestId(MessageInfo message) {
    byte[] payload = message.getData() == null ? new byte[0] : message.getData();
    return TopLevelFields.read(payload, Set.of("request_id")).get("request_id");
  }
}
