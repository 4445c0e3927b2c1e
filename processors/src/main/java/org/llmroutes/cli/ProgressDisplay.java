package org.llmroutes.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.llmroutes.progress.Progress;

/**
 * Shows how work goes on: a bar on a terminal, else a line every tenth of the way. Ctrl-C ends the
 * work as soon as it can be ended.
 */
final class ProgressDisplay implements Progress, AutoCloseable {
  private static final int STEPS = 10;

  /** Given, because the library would ask JLine, which makes Ctrl-C end the process at once. */
  private static final int WIDTH = 78;

  private final PrintStream out;
  private final String task;
  private final String unit;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean cancelled;
  private ProgressBar bar;
  private long step;

  /**
   * @param task what is done, for instance {@code Ingesting}
   * @param unit what is counted, for instance {@code files}
   */
  ProgressDisplay(PrintStream out, String task, String unit) {
    this.out = out;
    this.task = task;
    this.unit = unit;
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
  public void advanced(long done, long total) {
    if (Terminal.isAttached()) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .build();
      }
      bar.stepTo(done);
    } else if (done * STEPS / total > step) {
      step = done * STEPS / total;
      out.printf("%d of %d %s%n", done, total, unit);
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
