package org.llmroutes.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.http.Deadline;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.retrieval.ReadableCollections;
import org.llmroutes.retrieval.SearchScope;
import org.llmroutes.turn.TurnProcessor;

/**
 * The body becomes the collections that whoever asks may read something of: {@code {"collections":
 * [{"name", "documents"}], "complete"}}, without those that cannot be told of within five seconds.
 */
public class ListCollections extends TurnProcessor {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  @Override
  public void process(Exchange exchange) throws Exception {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    SearchScope scope = SearchScope.of(service(Principals.class).of(identity.userId()));
    ReadableCollections.Readable readable =
        service(ReadableCollections.class).of(scope, Deadline.in(WITHIN));
    List<Map<String, Object>> collections =
        readable.documents().entrySet().stream()
            .map(
                entry ->
                    Map.<String, Object>of("name", entry.getKey(), "documents", entry.getValue()))
            .toList();
    exchange
        .getMessage()
        .setBody(Map.of("collections", collections, "complete", readable.complete()));
  }
}
