package org.llmroutes.doctor;

import java.util.Map;
import org.llmroutes.deadletters.DeadLetters;

/** Requests that failed, and wait for somebody to look at them. */
final class DeadLettersCheck implements Check {

  @Override
  public String part() {
    return "dead-letters";
  }

  @Override
  public void look(Installation here, Findings found) throws Exception {
    Map<String, Long> waiting = new DeadLetters(here.nats()).count();
    if (waiting.isEmpty()) {
      found.well("", "none");
    }
    waiting.forEach(
        (family, count) ->
            found.warning(
                family,
                count == 1 ? "1 waits" : count + " wait",
                "`dlq list --family %s` says why, `dlq replay` sends them again"
                    .formatted(family)));
  }
}
