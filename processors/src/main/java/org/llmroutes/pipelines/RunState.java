package org.llmroutes.pipelines;

/**
 * Where a run is.
 *
 * @param message what the engine says of it, one line, or empty
 * @param progress finished steps of all, for instance {@code 2/5}, or empty
 * @param obstacle what keeps a run from going on, one line, or empty
 */
public record RunState(Phase phase, String message, String progress, String obstacle) {

  /** One that nothing keeps from going on. */
  public RunState(Phase phase, String message, String progress) {
    this(phase, message, progress, "");
  }

  /** What a run does; the last three are final. */
  public enum Phase {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Stopped on request, by whomever. */
    STOPPED;

    public boolean isFinal() {
      return compareTo(SUCCEEDED) >= 0;
    }
  }
}
