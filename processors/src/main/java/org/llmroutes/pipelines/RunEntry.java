package org.llmroutes.pipelines;

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
    RunStatus status,
    int told) {
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
    RunStatus first = new RunStatus(0, status, RunMessage.of(message), "", error, now());
    return new RunEntry(trigger, plan, original, null, null, Stop.NONE, first, -1);
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
    return new RunEntry(trigger, plan, original, started, submitted, stop, status, status.seq());
  }

  RunEntry stopping(Stop reason) {
    return new RunEntry(trigger, plan, original, started, submitted, reason, status, told);
  }

  RunEntry submitted(StartedRun run) {
    RunStatus next = next(Status.SUBMITTED, "", "", null);
    return new RunEntry(trigger, plan, null, run, next.at(), stop, next, told);
  }

  /** With a status that is not final. */
  RunEntry observed(Status now, RunState state) {
    RunStatus next = next(now, state.message(), state.progress(), null);
    return new RunEntry(trigger, plan, original, started, submitted, stop, next, told);
  }

  /**
   * With a final status.
   *
   * @param error null where the end is no failure
   */
  RunEntry ended(Status end, String message, String progress, ErrorCode error) {
    RunStatus next = next(end, message, progress, error);
    Original letter = end == Status.REJECTED ? original : null;
    return new RunEntry(trigger, null, letter, started, submitted, stop, next, told);
  }

  private RunStatus next(Status now, String message, String progress, ErrorCode error) {
    return new RunStatus(
        status.seq() + 1,
        now,
        RunMessage.of(message),
        progress.isEmpty() ? status.progress() : progress,
        error,
        now());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
