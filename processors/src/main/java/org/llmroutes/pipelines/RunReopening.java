package org.llmroutes.pipelines;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.pipelines.PipelineRuns.Found;

/** Lets a trigger that was rejected be taken in again: its entry and its statuses are removed. */
public final class RunReopening {
  private final Connection connection;
  private final PipelineRuns runs;

  public RunReopening(Connection connection) {
    this.connection = connection;
    this.runs = new PipelineRuns(connection);
  }

  /**
   * Forgets what became of a trigger; again and again without harm until it is taken in.
   *
   * @param sequence of the message in its stream whose outcome is to be forgotten
   * @param force whether also what was not rejected, or a later message's, is forgotten
   * @return the revision that was forgotten, or 0 where there was none
   * @throws TurnException {@code rejected} where the request is another user's, its run is open, or
   *     it has an outcome that only {@code force} may remove
   */
  public long reopen(String requestId, String userId, long sequence, boolean force)
      throws IOException, JetStreamApiException {
    JetStreamManagement management = connection.jetStreamManagement();
    while (true) {
      // taken before the entry is read: what is stored later can be of a new run
      long last = StoredMessages.lastSequence(management, "AI_RESPONSES");
      Optional<Found> found = runs.find(requestId);
      if (found.isPresent()) {
        require(found.get().entry(), userId, sequence, force);
      }
      if (found.isEmpty() || runs.forget(found.get())) {
        StoredMessages.purge(management, "AI_RESPONSES", "ai.pipeline.status." + requestId, last);
        return found.map(Found::revision).orElse(0L);
      }
    }
  }

  private static void require(RunEntry entry, String userId, long sequence, boolean force) {
    if (!entry.trigger().userId().equals(userId)) {
      throw refusal("its request_id belongs to another user");
    } else if (!entry.isClosed()) {
      throw refusal("its run is under way");
    } else if (force) {
      return;
    } else if (entry.status().status() != Status.REJECTED) {
      throw refusal("its run has " + entry.status().status().wire() + "; --force forgets that");
    } else if (entry.trigger().sequence() != sequence) {
      throw refusal(
          "its request was tried again and has a later dead letter; --force takes this one");
    }
  }

  private static TurnException refusal(String reason) {
    return new TurnException(ErrorCode.REJECTED, reason);
  }
}
