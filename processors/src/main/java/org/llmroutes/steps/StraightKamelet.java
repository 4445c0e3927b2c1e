package org.llmroutes.steps;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Channel;
import org.apache.camel.Navigate;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.processor.SendProcessor;

/**
 * The processors of a Kamelet whose template has no steps but {@code process}, {@code unmarshal}
 * and {@code to}: nothing that needs a route around it.
 */
final class StraightKamelet {
  private final CamelContext context;
  private final String routeId;
  private volatile List<Processor> line;

  /**
   * @param routeId of the route that Camel makes of the Kamelet for one use of it
   */
  StraightKamelet(CamelContext context, String routeId) {
    this.context = context;
    this.routeId = routeId;
  }

  /** In order; empty where there is more to the Kamelet, or its route is not there yet. */
  List<Processor> line() {
    if (line == null) {
      Route route = context.getRoute(routeId);
      if (route == null) {
        return List.of();
      }
      line = isStraight() ? processors(route) : List.of();
    }
    return line;
  }

  private boolean isStraight() {
    return ((ModelCamelContext) context)
        .getRouteDefinition(routeId).getOutputs().stream()
            .allMatch(
                step ->
                    // what the calling route does about failures, its own included
                    step.isAbstract()
                        || step instanceof ProcessDefinition
                        || step instanceof UnmarshalDefinition
                        || step instanceof ToDefinition);
  }

  private static List<Processor> processors(Route route) {
    List<Processor> found = new ArrayList<>();
    collect(route.navigate(), found);
    return List.copyOf(found);
  }

  private static void collect(Object node, List<Processor> found) {
    if (node instanceof Channel channel) {
      if (!isEnd(channel.getNextProcessor())) {
        found.add(channel.getNextProcessor());
      }
    } else if (node instanceof Navigate<?> line && line.hasNext()) {
      line.next().forEach(next -> collect(next, found));
    }
  }

  /** Camel's own last step, which leads back to the calling route. */
  private static boolean isEnd(Processor processor) {
    return processor instanceof SendProcessor send && KameletSteps.isEnd(send.getEndpoint());
  }
}
