package org.llmroutes.steps;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.Kamelet;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.processor.SendProcessor;
import org.apache.camel.spi.InterceptStrategy;
import org.llmroutes.telemetry.Tracing;

/**
 * Puts a {@link KameletStep} in the place of every {@code to: kamelet:…} of a route, as Camel makes
 * the route; Camel finds this by its type in the registry.
 */
public final class KameletSteps implements InterceptStrategy {

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
    return target instanceof SendProcessor send
            && send.getEndpoint() instanceof KameletEndpoint kamelet
            && !isEnd(kamelet)
        ? traced(
            new KameletStep(
                send,
                new StraightKamelet(context, kamelet.getRouteId()),
                new StepTimers(kamelet.getTemplateId(), definition.getId())),
            kamelet.getTemplateId(),
            definition.getId())
        : target;
  }

  private static Processor traced(KameletStep step, String kamelet, String id) {
    return Tracing.isOn() ? new TracedStep(step, kamelet, id) : step;
  }

  /** Whether an endpoint is the {@code kamelet:sink} that ends the route of every action. */
  static boolean isEnd(Endpoint endpoint) {
    return endpoint.getEndpointKey().startsWith("kamelet://" + Kamelet.SINK_ID);
  }
}
