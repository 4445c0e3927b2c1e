package io.nats.client.impl;

import io.nats.client.MessageHandler;
import java.util.concurrent.ExecutionException;

/**
 * Lets the thread that reads the connection handle what nobody waits in: answers, which wake
 * whoever asked without another thread between, and the messages of dispatchers that are made with
 * a {@link Handler}. All other dispatchers have a thread each, as ever.
 *
 * <p>It is in the library's package because what {@link DispatcherFactory} makes is visible there
 * alone.
 */
public final class PromptDispatcherFactory extends DispatcherFactory {

  /** Handles messages without waiting for anything, since nothing is read meanwhile. */
  public interface Handler extends MessageHandler {}

  @Override
  NatsDispatcher createDispatcher(NatsConnection connection, MessageHandler handler) {
    // that lock is held while the library makes its own dispatcher, of answers
    return handler instanceof Handler || connection.inboxDispatcherLock.isHeldByCurrentThread()
        ? new PromptDispatcher(connection, handler)
        : super.createDispatcher(connection, handler);
  }

  private static final class PromptDispatcher extends NatsDispatcher {
    private final ConsumerMessageQueue handled =
        new ConsumerMessageQueue() {
          @Override
          void push(NatsMessage message) {
            handle(message);
          }
        };

    PromptDispatcher(NatsConnection connection, MessageHandler handler) {
      super(connection, handler);
    }

    @Override
    public void start(String id) {
      internalStart(id, false);
    }

    @Override
    ConsumerMessageQueue getMessageQueue() {
      return handled;
    }

    /** Nothing waits here, so all that came before the answer to the drain's ping is handled. */
    @Override
    public boolean isDrained() {
      return isDraining();
    }

    private void handle(NatsMessage message) {
      NatsSubscription subscription = message.getNatsSubscription();
      if (!subscription.isActive()) {
        return;
      }
      MessageHandler own = getNonDefaultHandlerBySid(subscription.getSID());
      subscription.incrementDeliveredCount();
      incrementDeliveredCount();
      try {
        (own == null ? defaultHandler : own).onMessage(message);
      } catch (Exception e) {
        connection.processException(e);
      } catch (Error e) {
        // reading goes on
        connection.processException(new ExecutionException(e));
      }
      if (subscription.reachedUnsubLimit()) {
        connection.invalidate(subscription);
      }
    }
  }
}
