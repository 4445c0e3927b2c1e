package org.llmroutes.steps;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** A step with a span, named as its entry in the route, around all that it does. */
final class TracedStep extends AsyncProcessorSupport {
  private final KameletStep step;
  private final String kamelet;
  private final String id;

  TracedStep(KameletStep step, String kamelet, String id) {
    this.step = step;
    this.kamelet = kamelet;
    this.id = id;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Span span =
        Tracing.current()
            .begin(Span.Kind.INTERNAL, id)
            .set(Names.STEP, id)
            .set(Names.KAMELET, kamelet);
    Thread caller = Thread.currentThread();
    Span.Scope entered = span.enter();
    boolean done =
        step.process(
            exchange,
            sync -> {
              if (exchange.getException() != null) {
                span.fail(exchange.getException());
              }
              span.end();
              if (Thread.currentThread() == caller) {
                entered.close();
              }
              callback.done(sync);
            });
    if (!done) {
      entered.close();
    }
    return done;
  }

  @Override
  public String toString() {
    return step.toString();
  }
}
