package org.llmroutes.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.turn.TurnProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the OpenAI API: collections, which answer from documents, and those of the LLM
 * service. Each is asked for at most {@value #SECONDS} seconds; without it the other is listed.
 */
public class ListModels extends TurnProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(ListModels.class);
  private static final int SECONDS = 3;

  private volatile ServiceClient llm;

  @Override
  public void process(Exchange exchange) {
    Set<String> names = new LinkedHashSet<>();
    try {
      names.addAll(service(DocumentCollection.class).names());
    } catch (StepException e) {
      LOG.warn("Models are listed without the collections: {}", e.getMessage());
    }
    try {
      for (JsonNode model :
          client().get("/models", Deadline.in(Duration.ofSeconds(SECONDS))).path("data")) {
        names.add(model.path("id").asText());
      }
    } catch (StepException e) {
      LOG.warn("Models are listed without those of the LLM: {}", e.getMessage());
    }
    List<Map<String, Object>> models = new ArrayList<>();
    names.forEach(
        name ->
            models.add(
                Map.of("id", name, "object", "model", "created", 0, "owned_by", "llm-routes")));
    exchange.getMessage().setBody(Map.of("object", "list", "data", models));
  }

  private ServiceClient client() {
    if (llm == null) {
      llm = new ServiceClient(PlatformServices.load(service(Settings.class)).llm(), "models");
    }
    return llm;
  }
}
