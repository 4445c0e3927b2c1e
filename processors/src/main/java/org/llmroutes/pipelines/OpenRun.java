package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;

/**
 * What an instance remembers of a run that has not ended: as little as it needs to know when to go
 * on with it. Safe for concurrent use.
 */
final class OpenRun {
  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 5;

  private final String requestId;
  private final String name;
  private final long sequence;
  private Instant accepted;
  private Instant deadline;
  private boolean started;
  private boolean ending;
  private boolean busy;
  private long due = System.nanoTime();
  private int failures;
  private long began;
  private boolean silent;
  private long failedFirst;

  OpenRun(RunEntry entry) {
    requestId = entry.trigger().requestId();
    name = RunName.of(entry.trigger().pipeline(), requestId);
    sequence = entry.trigger().sequence();
    update(entry);
  }

  /** Takes over what its entry says now; a cancel is followed at once. */
  synchronized void update(RunEntry entry) {
    boolean before = ending;
    ending = entry.stop() != Stop.NONE || entry.status().status().isFinal();
    started = entry.started() != null;
    if (entry.plan() != null) {
      accepted = entry.plan().accepted();
      deadline = entry.submitted() == null ? null : entry.deadline();
    }
    if (ending && !before) {
      due = System.nanoTime();
    }
  }

  String requestId() {
    return requestId;
  }

  String name() {
    return name;
  }

  long sequence() {
    return sequence;
  }

  /** Whether it is to be started once it has a slot. */
  synchronized boolean isWaiting() {
    return !started && !ending;
  }

  synchronized boolean isStarted() {
    return started;
  }

  /** How long it has waited for its start; zero once it has none to wait for. */
  synchronized Duration waiting() {
    return isWaiting() && accepted != null
        ? Duration.between(accepted, Instant.now())
        : Duration.ZERO;
  }

  /** Whether it should have ended, or been stopped, that long ago. */
  synchronized boolean isOverdueBy(Duration time) {
    return deadline != null && Instant.now().isAfter(deadline.plus(time));
  }

  /** Whether it is to be stopped, or has ended and that is not told. */
  synchronized boolean isEnding() {
    return ending;
  }

  /** Makes it due now. */
  synchronized void hurry() {
    due = System.nanoTime();
  }

  /** True where it is due and nobody works on it; then the caller does, until it says so. */
  synchronized boolean begin() {
    if (busy || due - System.nanoTime() > 0) {
      return false;
    }
    busy = true;
    began = System.nanoTime();
    silent = false;
    due = Long.MAX_VALUE / 2 + System.nanoTime();
    return true;
  }

  /** True once for work that takes this long already. */
  synchronized boolean isSilentFor(Duration time) {
    boolean late = busy && !silent && System.nanoTime() - began > time.toNanos();
    silent |= late;
    return late;
  }

  /** How long work has failed, each time. */
  synchronized Duration failing() {
    return failures == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - failedFirst);
  }

  /** The work is done for now; what was hurried meanwhile stays so. */
  synchronized void again(Duration pause) {
    failures = 0;
    busy = false;
    due = Math.min(due - System.nanoTime(), pause.toNanos()) + System.nanoTime();
  }

  /**
   * The work failed; it is tried again after a delay that doubles up to 16 seconds.
   *
   * @param jitter from 0 to 1
   * @return whether it is the first failure in a row
   */
  synchronized boolean failed(double jitter) {
    long doubled = FIRST_DELAY.toMillis() << Math.min(failures, MOST_DOUBLINGS);
    int before = failures;
    failedFirst = before == 0 ? began : failedFirst;
    again(Duration.ofMillis((long) (doubled * (0.5 + jitter / 2))));
    failures = before + 1;
    return before == 0;
  }
}
