package org.llmroutes.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that is waited for only for a while. */
@Timeout(20)
class ErrandsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Errands errands = new Errands();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);
  private final CompletableFuture<String> outcome = new CompletableFuture<>();

  /** Ends only when it is told to or interrupted. */
  private String work() throws InterruptedException {
    begun.countDown();
    try {
      told.await();
      outcome.complete("done");
    } catch (InterruptedException e) {
      outcome.complete("interrupted");
      throw e;
    }
    return "done";
  }

  @Test
  void whatIsDoneInTimeIsHandedOn() throws Exception {
    assertThat(errands.waitFor(() -> "done", LONG)).isEqualTo("done");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                errands.waitFor(
                    () -> {
                      throw new IOException("no");
                    },
                    LONG));
  }

  @Test
  void whatIsNotGoesOn() throws Exception {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> errands.waitFor(this::work, SHORT));

    told.countDown();

    assertThat(outcome.get()).isEqualTo("done");
  }

  @Test
  void untilTheTurnEnds() throws Exception {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> errands.waitFor(this::work, SHORT));
    begun.await();

    errands.end();

    assertThat(outcome.get()).isEqualTo("interrupted");
  }

  @Test
  void anInterruptOfTheWaitingEndsIt() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                errands.waitFor(this::work, LONG);
              } catch (Exception e) {
                thrown.complete(e);
              }
            });
    waiting.start();
    begun.await();

    waiting.interrupt();

    assertThat(outcome.get()).isEqualTo("interrupted");
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }
}
