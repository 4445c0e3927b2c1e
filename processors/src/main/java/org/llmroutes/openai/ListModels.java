package org.llmroutes.openai;

import java.util.Map;
import org.apache.camel.Exchange;

/** The body becomes the list of models; what is away is left out. */
public class ListModels extends Models {

  @Override
  public void process(Exchange exchange) {
    exchange
        .getMessage()
        .setBody(
            Map.of(
                "object",
                "list",
                "data",
                listed(exchange).names().stream().map(Models::described).toList()));
  }
}
