package org.llmroutes.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Whether the server lets these credentials publish and listen where the routes do.
 *
 * @see <a href="https://docs.nats.io/running-a-nats-service/configuration/sys_accounts">NATS,
 *     system events: user information</a>
 */
final class PermissionsCheck implements Check {
  private static final String USER_INFO = "$SYS.REQ.USER.INFO";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_NAMED = 5;

  @Override
  public String part() {
    return "permissions";
  }

  @Override
  public void look(Installation here, Findings found) throws Exception {
    Message answer = here.nats().request(USER_INFO, new byte[0], PATIENCE);
    JsonNode user = answer == null ? null : read(answer).get("data");
    if (user == null) {
      found.notAsked("", "this server does not tell what a user may do");
      return;
    }
    RoutesSubjects needed = RoutesSubjects.of(here.settings(), here.has("gateway"));
    look("publish", needed.publish(), user, found);
    look("subscribe", needed.subscribe(), user, found);
  }

  private static JsonNode read(Message answer) throws IOException {
    return JSON.readTree(answer.getData());
  }

  private static void look(String what, List<String> needed, JsonNode user, Findings found) {
    SubjectPermissions permissions = SubjectPermissions.of(user.path("permissions").path(what));
    List<String> denied = needed.stream().filter(s -> !permissions.allow(s)).toList();
    if (denied.isEmpty()) {
      found.well(what, "all that the routes need, as user " + user.path("user").asText());
      return;
    }
    int more = denied.size() - MOST_NAMED;
    found.notWell(
        what,
        "not on %s%s, as user %s"
            .formatted(
                String.join(", ", denied.subList(0, Math.min(MOST_NAMED, denied.size()))),
                more > 0 ? " and " + more + " more" : "",
                user.path("user").asText()),
        "allow it in the permissions of this user in the configuration of the server");
  }
}
