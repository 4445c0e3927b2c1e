package org.llmroutes.nats;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What the client library would print to standard error, in the log. */
final class LoggingErrorListener implements ErrorListener {
  private static final Logger LOG = LoggerFactory.getLogger(NatsConnections.class);

  @Override
  public void errorOccurred(Connection connection, String error) {
    // a first connect that fails is told by whoever wanted it
    Level level = connection.getStatus() == Connection.Status.CONNECTING ? Level.DEBUG : Level.WARN;
    LOG.atLevel(level).log("NATS: {}", error);
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    LOG.debug("NATS connection trouble", exception);
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    LOG.warn("NATS: a subscription is slow, {} messages wait", consumer.getPendingMessageCount());
  }
}
