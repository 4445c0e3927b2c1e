package org.llmroutes.speech;

import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.nats.CancelMessage;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;

/**
 * Makes the turn its session's newest voice turn. Where the request says {@code interrupt}, the one
 * before is cancelled first, wherever it runs, and its end awaited, so that the history has what
 * was said of it.
 */
public class InterruptSession extends Step {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  public InterruptSession() {
    super("interrupt");
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) throws Exception {
    Optional<String> before =
        service(VoiceSessions.class).take(turn.userId(), turn.sessionId(), turn.requestId());
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    if (before.isPresent() && Boolean.TRUE.equals(request.get("interrupt"))) {
      cancel(before.get(), turn.deadline().within(ENDS_WITHIN));
    }
    return exchange.getMessage().getBody();
  }

  private void cancel(String requestId, Duration within) throws Exception {
    Connection nats = service(Connection.class);
    String response = "ai.voice.response." + requestId;
    Subscription ending = nats.subscribe(response);
    try {
      boolean ended =
          StoredMessages.find(
                  () -> nats.jetStreamManagement().getLastMessage("AI_RESPONSES", response))
              .isPresent();
      if (!ended) {
        CancelMessage.publish(nats, "ai.cancel." + requestId, new byte[0]);
        ending.nextMessage(within);
      }
    } finally {
      ending.unsubscribe();
    }
  }
}
