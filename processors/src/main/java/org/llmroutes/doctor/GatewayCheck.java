package org.llmroutes.doctor;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.llmroutes.platform.ServerAddress;

/** Whether the gateway answers, here and where browsers find it. */
final class GatewayCheck implements Check {
  private static final String PATH = "/api/openapi.yaml";
  private static final int MOST_BYTES = 4096;

  @Override
  public String part() {
    return "gateway";
  }

  @Override
  public void look(Installation here, Findings found) throws InterruptedException {
    Optional<ServerAddress> gateway = ServerAddress.ofGateway(here.settings());
    if (gateway.isEmpty()) {
      found.notUsed("", "by none of the roles in use");
      return;
    }
    look("here", gateway.get().local(), "GATEWAY_PORT", found);
    String url = here.settings().get("gateway.url").replaceFirst("/$", "");
    if (!url.isEmpty()) {
      look("browsers", url, "GATEWAY_URL", found);
    }
  }

  private static void look(String name, String url, String setting, Findings found)
      throws InterruptedException {
    try {
      HttpResponse<String> answer = Web.get(url + PATH, MOST_BYTES);
      // whoever has no key is refused by the gateway itself
      boolean ours =
          answer.statusCode() == 401
              || answer.statusCode() == 200 && answer.body().contains("openapi:");
      if (ours) {
        found.well(name, "it answers at " + url);
      } else {
        found.notWell(
            name,
            "HTTP %d at %s, which is not the gateway".formatted(answer.statusCode(), url + PATH),
            setting + " says where it is; a proxy before it must pass this path on");
      }
    } catch (IOException | IllegalArgumentException e) {
      found.notWell(
          name,
          "%s: %s".formatted(url, Reason.of(e)),
          "`llm-routes run` or ./dev up starts it; %s says where it is".formatted(setting));
    }
  }
}
