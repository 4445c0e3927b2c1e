package org.llmroutes.turn;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import org.apache.camel.Exchange;
import org.llmroutes.http.Clock;
import org.llmroutes.jetstream.JetStreamConstants;

/**
 * The turns that this instance works on, to be found by request id and interrupted at their
 * deadline.
 */
public final class TurnsInWork {
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  /** From now until its exchange is done. */
  void begin(Exchange exchange, Turn turn) {
    turns.put(turn.requestId(), turn);
    Duration left = turn.deadline().within(Duration.ofDays(1));
    ScheduledFuture<?> end = Clock.in(left, turn::interrupt);
    Runnable done =
        () -> {
          end.cancel(false);
          turn.interrupt();
          turn.stream().close();
          turns.remove(turn.requestId(), turn);
        };
    exchange.setProperty(JetStreamConstants.ON_DONE, done);
  }

  public boolean any() {
    return !turns.isEmpty();
  }

  /** Stops the turn of the request; whether it is in work here. */
  boolean cancel(Cancel cancel) {
    Turn turn = turns.get(cancel.requestId());
    boolean found = turn != null && cancel.concerns(turn.userId());
    if (found) {
      turn.cancel(cancel);
    }
    return found;
  }
}
