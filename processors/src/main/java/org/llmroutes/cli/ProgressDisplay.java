package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.llmroutes.ingest.IngestionProgress;

/**
 * Shows how an ingestion goes on: a bar on a terminal, else a line every tenth of the way. Ctrl-C
 * ends the ingestion after the batch in hand.
 */
final class IngestionDisplay implements IngestionProgress, AutoCloseable {
  private static final int STEPS = 10;

  /** Given, because the library would ask JLine, which makes Ctrl-C end the process at once. */
  private static final int WIDTH = 78;

  private final PrintStream out;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean cancelled;
  private ProgressBar bar;
  private int step;

  IngestionDisplay(PrintStream out) {
    this.out = out;
    Runtime.getRuntime().addShutdownHook(new Thread(this::cancel, "cancel"));
  }

  /** The virtual machine waits for this, and then ends with the exit code of the signal. */
  private void cancel() {
    if (closed.getCount() == 0) {
      return;
    }
    cancelled = true;
    out.println("Stopping");
    try {
      if (!closed.await(30, TimeUnit.SECONDS)) {
        out.println("Not waiting any longer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void advanced(int done, int total) {
    if (Terminal.isAttached()) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("Ingesting")
                .setUnit(" files", 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .build();
      }
      bar.stepTo(done);
    } else if (done * STEPS / total > step) {
      step = done * STEPS / total;
      out.printf("%d of %d files%n", done, total);
    }
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  /** Leaves the line of the bar. */
  void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    end();
    closed.countDown();
  }
}
