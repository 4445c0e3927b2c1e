package org.llmroutes.turn;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.StoredMessages;

/**
 * Lets a request that ended with an error be worked on again: the ledger forgets its outcome, but
 * not whose it is, and the stored response and chunks are removed.
 */
public final class TurnReopening {
  private final Connection connection;
  private final MsgpackCodec codec;
  private final TurnLedger ledger;
  private final Standing standing;

  public TurnReopening(Connection connection, MsgpackCodec codec) {
    this.connection = connection;
    this.codec = codec;
    this.ledger = new TurnLedger(connection, codec);
    this.standing = new Standing(connection);
  }

  /**
   * Reopens the turn; again and again without harm until a message claims it.
   *
   * @param owner the message whose outcome is to be forgotten, {@code STREAM/SEQUENCE}
   * @param responses subject of final responses without the request id
   * @param force whether also what was answered well, or by a later message, is forgotten
   * @return the revision of the open entry in the ledger, or 0 where there is none
   * @throws TurnException {@code rejected} where the turn is another user's, in work, or has an
   *     outcome that only {@code force} may remove
   */
  public long reopen(String requestId, String userId, String owner, String responses, boolean force)
      throws IOException, JetStreamApiException {
    JetStreamManagement management = connection.jetStreamManagement();
    while (true) {
      // taken before the entry is read: what is stored later can be the answer of a new turn
      long response = StoredMessages.lastSequence(management, "AI_RESPONSES");
      long chunk = StoredMessages.lastSequence(management, "AI_STREAMS");
      Optional<TurnLedger.Found> found = ledger.read(requestId);
      if (found.isEmpty()) {
        return 0;
      }
      LedgerEntry entry = found.get().entry();
      require(requestId, entry, userId, owner, force);
      Optional<Long> revision =
          entry.isOpen()
              ? Optional.of(found.get().revision())
              : ledger.put(requestId, entry.reopenedFor(userId), found.get().revision());
      if (revision.isPresent()) {
        StoredMessages.purge(management, "AI_RESPONSES", responses + "." + requestId, response);
        StoredMessages.purge(management, "AI_STREAMS", responses + ".stream." + requestId, chunk);
        return revision.get();
      }
    }
  }

  private void require(
      String requestId, LedgerEntry entry, String userId, String owner, boolean force)
      throws IOException, JetStreamApiException {
    if (!entry.mayBeClaimedBy(userId)) {
      throw refusal("its request_id belongs to another user");
    } else if (entry.owner() == null) {
      return;
    } else if (entry.answer() == null) {
      if (standing.isOwed(entry, requestId)) {
        throw refusal("its request is in work");
      }
    } else if (force) {
      return;
    } else if (Boolean.TRUE.equals(codec.decodeMap(entry.answer()).get("success"))) {
      throw refusal("its request has been answered successfully; --force answers it anew");
    } else if (!owner.equals(entry.owner())) {
      throw refusal(
          "its request was tried again and has a later dead letter; --force takes this one");
    }
  }

  private static TurnException refusal(String reason) {
    return new TurnException(ErrorCode.REJECTED, reason);
  }
}
