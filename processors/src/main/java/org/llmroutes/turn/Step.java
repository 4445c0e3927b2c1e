package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.llmroutes.errors.StepException;

/**
 * One step of making an answer: body in, body out, its time noted in {@code timings_ms}. A step
 * that fails leaves in the body what the turn goes on with, should the error policy do without it.
 * Once a turn has its answer (a redelivery after the answer was recorded), its steps are passed
 * over.
 */
public abstract class Step extends TurnProcessor {
  private final String name;

  /**
   * @param name the step as clients know it, for instance {@code embed}
   */
  protected Step(String name) {
    this.name = name;
  }

  /** The step's work; the result becomes the body. */
  protected abstract Object apply(Exchange exchange, Turn turn) throws Exception;

  /** What the body is when the step failed; as it was, where a step does not say otherwise. */
  protected Object fallback(Exchange exchange) {
    return exchange.getMessage().getBody();
  }

  @Override
  public final void process(Exchange exchange) throws Exception {
    Turn turn = Turn.of(exchange);
    if (turn.answer().isPresent()) {
      return;
    }
    long start = System.nanoTime();
    try {
      exchange.getMessage().setBody(apply(exchange, turn));
    } catch (StepException e) {
      exchange.getMessage().setBody(fallback(exchange));
      throw e;
    } finally {
      turn.timings().merge(name, (System.nanoTime() - start) / 1_000_000, Long::sum);
    }
  }
}
