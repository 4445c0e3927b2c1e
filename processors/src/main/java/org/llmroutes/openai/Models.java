package org.llmroutes.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.StepException;
import org.llmroutes.gateway.HttpTurnsConstants;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.retrieval.ReadableCollections;
import org.llmroutes.retrieval.SearchScope;
import org.llmroutes.turn.TurnProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the OpenAI API: collections, which answer from documents, and those of the LLM
 * service. Each is asked for at most {@value #SECONDS} seconds; without it the other is listed.
 */
abstract class Models extends TurnProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final int SECONDS = 3;

  private volatile ServiceClient llm;

  /**
   * What could be listed.
   *
   * @param complete whether everybody was there to be asked
   */
  record Listed(Set<String> names, boolean complete) {}

  /** The collections are those that whoever asks may read. */
  final Listed listed(Exchange exchange) {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    Set<String> names = new LinkedHashSet<>();
    boolean collections = addTo(names, () -> readableBy(identity));
    boolean models = addTo(names, this::ofLlm);
    return new Listed(names, collections && models);
  }

  private static boolean addTo(Set<String> names, Supplier<Listed> source) {
    try {
      Listed found = source.get();
      names.addAll(found.names());
      return found.complete();
    } catch (StepException e) {
      LOG.warn("Some models are not listed: {}", e.getMessage());
      return false;
    }
  }

  private Listed readableBy(Identity identity) {
    SearchScope scope = SearchScope.of(service(Principals.class).of(identity.userId()));
    ReadableCollections.Readable readable =
        service(ReadableCollections.class).of(scope, Deadline.in(Duration.ofSeconds(SECONDS)));
    return new Listed(readable.documents().keySet(), readable.complete());
  }

  private Listed ofLlm() {
    JsonNode models = client().get("/models", Deadline.in(Duration.ofSeconds(SECONDS)));
    Set<String> names =
        StreamSupport.stream(models.path("data").spliterator(), false)
            .map(model -> model.path("id").asText())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Listed(names, true);
  }

  private ServiceClient client() {
    if (llm == null) {
      llm = new ServiceClient(PlatformServices.load(service(Settings.class)).llm(), "models");
    }
    return llm;
  }

  /** A model as the API describes it. */
  static Map<String, Object> described(String name) {
    return Map.of("id", name, "object", "model", "created", 0, "owned_by", "llm-routes");
  }
}
