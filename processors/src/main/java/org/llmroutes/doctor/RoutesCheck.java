package org.llmroutes.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.llmroutes.platform.ServerAddress;

/** The instance of the routes that runs where this command does, by its own health. */
final class RoutesCheck implements Check {
  private static final int MOST_BYTES = 256 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String part() {
    return "routes";
  }

  @Override
  public void look(Installation here, Findings found) throws InterruptedException {
    ServerAddress health = ServerAddress.ofHealth(here.settings().environment());
    if (health.port() == 0) {
      found.notUsed("", "LLM_ROUTES_PORT is 0, so nobody knows where health is");
      return;
    }
    String url = health.local() + "/observe/health/ready";
    try {
      HttpResponse<String> answer = Web.get(url, MOST_BYTES);
      JsonNode status = JSON.readTree(answer.body());
      if ("UP".equals(status.path("status").asText())) {
        found.well("ready", "the instance at " + url + " is");
      } else {
        found.notWell(
            "ready",
            "the instance at %s is not: %s".formatted(url, String.join(", ", down(status))),
            "its log says why");
      }
    } catch (JsonProcessingException e) {
      found.notWell(
          "ready",
          "what answers at " + url + " is no instance of the routes",
          "LLM_ROUTES_PORT is where they serve health");
    } catch (IOException e) {
      found.notWell(
          "ready",
          "%s: %s".formatted(url, Reason.of(e)),
          "`llm-routes run` or ./dev up starts one; LLM_ROUTES_PORT is where it serves health");
    }
  }

  private static List<String> down(JsonNode status) {
    List<String> down = new ArrayList<>();
    for (JsonNode check : status.path("checks")) {
      if (!"UP".equals(check.path("status").asText())) {
        down.add(check.path("name").asText());
      }
    }
    return down.isEmpty() ? List.of("it does not say why") : down;
  }
}
