package org.llmroutes.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.Pipeline;
import org.llmroutes.turn.TurnProcessor;

/**
 * The body becomes the pipelines that whoever asks may trigger: {@code {"pipelines": [{"name",
 * "description", "engines", "parameters"}]}}, parameters as a JSON Schema.
 */
public class ListPipelines extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    List<Map<String, Object>> pipelines =
        service(Catalogue.class).all().stream()
            .filter(pipeline -> pipeline.isAllowed(identity.userId()))
            .map(ListPipelines::described)
            .toList();
    exchange.getMessage().setBody(Map.of("pipelines", pipelines));
  }

  private static Map<String, Object> described(Pipeline pipeline) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", pipeline.name());
    described.put("description", pipeline.description());
    described.put("engines", List.copyOf(pipeline.engines().keySet()));
    described.put("parameters", pipeline.parameters().document());
    return described;
  }
}
