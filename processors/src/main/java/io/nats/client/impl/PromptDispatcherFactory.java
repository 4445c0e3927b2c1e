package io.nats.client.impl;

import io.nats.client.MessageHandler;
import java.util.concurrent.ExecutionException;

/**
 * Dispatchers that are made with a handler have no thread: the one that reads the connection
 * handles their messages, so that an answer wakes whoever waits for it without another thread
 * between. Such a handler must not wait for anything. The library's own dispatcher of answers is
 * one of these; those that are made without a handler are as ever.
 *
 * <p>It is in the library's package because what {@link DispatcherFactory} makes is visible there
 * alone.
 */
public final class PromptDispatcherFactory extends DispatcherFactory {

  @Override
  NatsDispatcher createDispatcher(NatsConnection connection, MessageHandler handler) {
    return handler == null
        ? super.createDispatcher(connection, null)
        : new PromptDispatcher(connection, handler);
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
