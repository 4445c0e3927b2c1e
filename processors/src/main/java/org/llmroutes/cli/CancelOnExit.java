package org.llmroutes.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While open, the end of the process (Ctrl-C) cancels a request first and waits for its final
 * response.
 */
final class CancelOnExit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CancelOnExit.class);

  private final Caller caller;
  private final String requestId;
  private final Duration patience;
  private final CountDownLatch answered = new CountDownLatch(1);
  private final Thread hook = new Thread(this::cancel);

  /** For a turn, which ends at once. */
  CancelOnExit(Caller caller, String requestId) {
    this(caller, requestId, Duration.ofSeconds(5));
  }

  /**
   * @param patience how long to wait for the end of what is cancelled
   */
  CancelOnExit(Caller caller, String requestId, Duration patience) {
    this.caller = caller;
    this.requestId = requestId;
    this.patience = patience;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void cancel() {
    try {
      caller.cancel(requestId);
      if (!answered.await(patience.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("Nobody confirmed the cancel of {}", requestId);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | IllegalStateException e) {
      LOG.warn("The cancel of {} could not be sent", requestId, e);
    }
  }

  @Override
  public void close() {
    answered.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The process is ending", e);
    }
  }
}
