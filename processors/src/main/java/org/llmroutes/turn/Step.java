package org.llmroutes.turn;

import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.errors.TurnException;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Tracing;

/**
 * One step of making an answer: body in, body out, its time noted in {@code timings_ms}. A step
 * that fails leaves in the body what the turn goes on with, should the error policy do without it.
 * Once a turn has its answer (a redelivery after the answer was recorded) or is cancelled, its
 * steps are passed over; a cancel and the deadline interrupt the one in work.
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

  /** Whether there is anything to do; where not, the step counts as one that did not run. */
  protected boolean applies(Exchange exchange) {
    return true;
  }

  /**
   * What the body is when the step failed or has nothing to do; as it was, where a step does not
   * say otherwise.
   */
  protected Object fallback(Exchange exchange) {
    return exchange.getMessage().getBody();
  }

  @Override
  public final void process(Exchange exchange) throws Exception {
    Turn turn = Turn.of(exchange);
    if (turn.answer().isPresent() || turn.cancelled()) {
      return;
    }
    if (!applies(exchange)) {
      exchange.getMessage().setBody(fallback(exchange));
      return;
    }
    long start = System.nanoTime();
    try {
      exchange.getMessage().setBody(turn.interruptibly(() -> apply(exchange, turn)));
    } catch (Exception e) {
      exchange.getMessage().setBody(fallback(exchange));
      if (!turn.cancelled()) {
        throw turn.deadline().passed() ? late(e) : e;
      }
      Tracing.current().fail("cancelled");
      Tracing.current().root().set(Names.CANCELLED_IN, name);
    } finally {
      turn.timings().merge(name, (System.nanoTime() - start) / 1_000_000, Long::sum);
    }
  }

  /** Whatever an interrupted library threw: the reason is that the time is up. */
  private Exception late(Exception e) {
    return e instanceof TurnException known && known.code() == ErrorCode.TIMEOUT
        ? e
        : new StepException(
            name, ErrorCode.TIMEOUT, "The time of the request ran out in the step " + name, e);
  }
}
