package org.llmroutes.gateway;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.retrieval.ReadableCollections;
import org.llmroutes.retrieval.SearchScope;
import org.llmroutes.turn.TurnProcessor;

/**
 * The body becomes the collections that whoever asks may read something of: {@code {"collections":
 * [{"name", "documents"}]}}.
 */
public class ListCollections extends TurnProcessor {

  @Override
  public void process(Exchange exchange) throws Exception {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    SearchScope scope = SearchScope.of(service(Principals.class).of(identity.userId()));
    List<Map<String, Object>> collections =
        service(ReadableCollections.class).of(scope).entrySet().stream()
            .map(
                entry ->
                    Map.<String, Object>of("name", entry.getKey(), "documents", entry.getValue()))
            .toList();
    exchange.getMessage().setBody(Map.of("collections", collections));
  }
}
