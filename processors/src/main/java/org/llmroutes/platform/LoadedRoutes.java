package org.llmroutes.platform;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;

/** What a running Camel context has loaded, replaced as a whole. */
final class LoadedRoutes {
  private final ModelCamelContext context;

  LoadedRoutes(CamelContext context) {
    this.context = (ModelCamelContext) context;
  }

  /**
   * Stops and removes everything and starts the sources in its place. No message is lost: what is
   * in work is finished first, for as long as a shutdown would wait, and what comes meanwhile stays
   * in its stream.
   *
   * @throws Exception where Camel refuses the sources; then only a part of them is loaded
   */
  void replace(RouteSources sources) throws Exception {
    for (Route route : List.copyOf(context.getRoutes())) {
      if (takesMessagesIn(route)) {
        context.getRouteController().stopRoute(route.getRouteId());
      }
    }
    context.getRouteController().removeAllRoutes();
    // a route that could not be created has left its definition
    context.removeRouteDefinitions(List.copyOf(context.getRouteDefinitions()));
    context.removeRouteTemplates("*");
    for (var configuration : List.copyOf(context.getRouteConfigurationDefinitions())) {
      context.removeRouteConfiguration(configuration);
    }
    context.getEndpointRegistry().clear();
    PluginHelper.getRoutesLoader(context).updateRoutes(sources.resources());
  }

  /** The others serve those that do, and must outlive them. */
  private static boolean takesMessagesIn(Route route) {
    String uri = route.getEndpoint().getEndpointBaseUri();
    return !route.isCreatedByKamelet() && !uri.startsWith("direct:");
  }
}
