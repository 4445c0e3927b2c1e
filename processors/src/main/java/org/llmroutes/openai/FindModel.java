package org.llmroutes.openai;

import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.gateway.HttpProblem;

/** The body becomes the model that the variable {@code model} names. */
public class FindModel extends Models {

  @Override
  public void process(Exchange exchange) {
    String model = exchange.getVariable("model", String.class);
    Listed listed = listed(exchange);
    if (listed.names().contains(model)) {
      exchange.getMessage().setBody(described(model));
    } else if (listed.complete()) {
      throw HttpProblem.unknown("There is no model " + model + "; GET /v1/models lists them");
    } else {
      throw new TurnException(ErrorCode.UNAVAILABLE, "Not all models can be looked up now");
    }
  }
}
