package org.llmroutes.errors;

/**
 * A step that failed because of the service behind it. The error policy decides by {@link #step()}
 * whether the turn goes on without it.
 */
public class StepException extends TurnException {
  private final String step;

  /**
   * @param step the step as named in {@code timings_ms} and {@code degraded}: history, rewrite,
   *     embed, search, rerank, llm, ...
   */
  public StepException(String step, ErrorCode code, String message, Throwable cause) {
    super(code, message, cause);
    this.step = step;
  }

  public String step() {
    return step;
  }
}
