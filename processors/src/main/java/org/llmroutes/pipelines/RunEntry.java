package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.llmroutes.errors.ErrorCode;

/**
 * One run in the bucket: all that an instance needs to go on with it.
 *
 * @param plan null once the run has ended
 * @param original kept until the run has started, because it may be refused until then; else null
 * @param started what the engine said at the start, or null before
 * @param submitted when that was, or null before
 * @param stopSince when it was first to be stopped, or null
 * @param status the last one
 * @param told the {@code seq} of the last status that is known to be published; -1 before the first
 */
record RunEntry(
    Trigger trigger,
    Plan plan,
    Original original,
    StartedRun started,
    Instant submitted,
    Stop stop,
    Instant stopSince,
    RunStatus status,
    int told) {
  /** What a run waits for is told anew so often, however often it changes. */
  private static final Duration WAITING_TOLD_EVERY = Duration.ofMinutes(1);

  private static final String WAITING = "Waiting: ";

  static RunEntry accepted(Trigger trigger, Plan plan, Original original) {
    return first(trigger, plan, original, Status.ACCEPTED, "", null);
  }

  static RunEntry refused(Trigger trigger, ErrorCode code, String reason) {
    return first(trigger, null, null, Status.REJECTED, reason, code);
  }

  private static RunEntry first(
      Trigger trigger,
      Plan plan,
      Original original,
      Status status,
      String message,
      ErrorCode error) {
    RunStatus first = new RunStatus(0, status, RunMessage.of(message), "", error, now(), false);
    return new RunEntry(trigger, plan, original, null, null, Stop.NONE, null, first, -1);
  }

  /** Whether its last status may not be published yet; nothing else is done before it is. */
  boolean isUntold() {
    return told < status.seq();
  }

  /** Whether nothing is left to do. */
  boolean isClosed() {
    return status.status().isFinal() && !isUntold();
  }

  PipelineRun run() {
    return new PipelineRun(
        RunName.of(trigger.pipeline(), trigger.requestId()),
        trigger.requestId(),
        trigger.userId(),
        trigger.pipeline(),
        plan.target(),
        plan.parameters(),
        started == null ? "" : started.id());
  }

  RunEntry asTold() {
    return new RunEntry(
        trigger, plan, original, started, submitted, stop, stopSince, status, status.seq());
  }

  RunEntry stopping(Stop reason) {
    return new RunEntry(trigger, plan, original, started, submitted, reason, now(), status, told);
  }

  RunEntry submitted(StartedRun run) {
    RunStatus next = next(Status.SUBMITTED, "", "", null, false);
    return new RunEntry(trigger, plan, null, run, next.at(), stop, stopSince, next, told);
  }

  /** With a status that is not final. */
  RunEntry observed(Status now, String message, String progress) {
    return with(next(now, message, progress, null, false));
  }

  /** The same, where something keeps the run from going on. */
  RunEntry obstructed(Status now, String obstacle, String progress) {
    return with(next(now, obstacle, progress, null, true));
  }

  /** Still as it was, because of what is told so. */
  RunEntry waiting(String reason) {
    return obstructed(status.status(), WAITING + reason, "");
  }

  private RunEntry with(RunStatus next) {
    return new RunEntry(trigger, plan, original, started, submitted, stop, stopSince, next, told);
  }

  /** Whether it is under way, and its last status says something else. */
  boolean mayTellWaiting(String reason) {
    boolean soonAgain = status.waiting() && now().isBefore(status.at().plus(WAITING_TOLD_EVERY));
    return !isUntold()
        && !status.status().isFinal()
        && !soonAgain
        && waitsForOtherThan(WAITING + reason);
  }

  /**
   * Whether its last status says that it waits for something else.
   *
   * @param obstacle empty where it waits for nothing
   */
  boolean waitsForOtherThan(String obstacle) {
    return obstacle.isEmpty()
        ? status.waiting()
        : !status.waiting() || !status.message().equals(RunMessage.of(obstacle));
  }

  /** When a run that was started is to have ended. */
  Instant deadline() {
    return submitted.plus(plan.deadline());
  }

  /**
   * With a final status.
   *
   * @param error null where the end is no failure
   */
  RunEntry ended(Status end, String message, String progress, ErrorCode error) {
    RunStatus next = next(end, message, progress, error, false);
    Original letter = end == Status.REJECTED ? original : null;
    return new RunEntry(trigger, null, letter, started, submitted, stop, stopSince, next, told);
  }

  private RunStatus next(
      Status now, String message, String progress, ErrorCode error, boolean waiting) {
    return new RunStatus(
        status.seq() + 1,
        now,
        RunMessage.of(message),
        progress.isEmpty() ? status.progress() : progress,
        error,
        now(),
        waiting);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
