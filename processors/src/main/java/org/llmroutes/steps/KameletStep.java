package org.llmroutes.steps;

import java.util.List;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.processor.SendProcessor;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.ExchangeHelper;

/**
 * One use of a Kamelet in a route. Where the Kamelet is a straight line of processors they are
 * called on the exchange itself, between the {@code variableSend} and {@code variableReceive} of
 * the {@code to}; a failure is the calling route's to handle. What such a step leaves in the body
 * is received even where it failed. Any other Kamelet is called as Camel does.
 */
final class KameletStep extends AsyncProcessorSupport {
  private final SendProcessor asRoute;
  private final StraightKamelet kamelet;
  private final StepTimers timers;

  KameletStep(SendProcessor asRoute, StraightKamelet kamelet, StepTimers timers) {
    this.asRoute = asRoute;
    this.kamelet = kamelet;
    this.timers = timers;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    long start = System.nanoTime();
    List<Processor> line = kamelet.line();
    if (line.isEmpty()) {
      return asRoute.process(
          exchange,
          sync -> {
            timers.record(exchange, start);
            callback.done(sync);
          });
    }
    Message message = exchange.getMessage();
    Object body = message.getBody();
    String receive = asRoute.getVariableReceive();
    Map<String, Object> headers = receive == null ? null : copy(message);
    if (asRoute.getVariableSend() != null) {
      message.setBody(ExchangeHelper.getVariable(exchange, asRoute.getVariableSend()));
    }
    call(line, exchange);
    if (receive != null && !exchange.isRouteStop()) {
      ExchangeHelper.setVariable(exchange, receive, exchange.getMessage().getBody());
      exchange.getMessage().setBody(body);
      exchange.getMessage().setHeaders(headers);
    }
    timers.record(exchange, start);
    callback.done(true);
    return true;
  }

  private static void call(List<Processor> line, Exchange exchange) {
    try {
      for (Processor processor : line) {
        processor.process(exchange);
        ExchangeHelper.prepareOutToIn(exchange);
        if (exchange.isFailed() || exchange.isRouteStop() || exchange.isRollbackOnly()) {
          return;
        }
      }
    } catch (Exception e) {
      exchange.setException(e);
    }
  }

  private static Map<String, Object> copy(Message message) {
    return message
        .getExchange()
        .getContext()
        .getCamelContextExtension()
        .getHeadersMapFactory()
        .newMap(message.getHeaders());
  }

  @Override
  public String toString() {
    return asRoute.toString();
  }
}
