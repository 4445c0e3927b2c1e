package org.llmroutes.cli;

import io.nats.client.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.identity.Membership;
import org.llmroutes.identity.Memberships;
import org.llmroutes.identity.Memberships.Source;
import picocli.CommandLine.Command;

/** One line for each that says the groups of a user. */
@Command(
    name = "list",
    description = "List users with their groups, who said so, and until when it counts",
    mixinStandardHelpOptions = true)
final class UsersListCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    Table table = new Table("USER", "SAID BY", "SINCE", "UNTIL", "GROUPS");
    boolean none = true;
    try (Connection connection = Clients.connect(Clients.settings())) {
      Memberships memberships = new Memberships(connection);
      for (Source source : Source.values()) {
        Map<String, Membership> all = memberships.all(source);
        none &= all.isEmpty();
        all.forEach(
            (user, said) ->
                table.add(
                    Arrays.asList(
                        user,
                        source == Source.SET ? "users set" : "credentials",
                        shown(said.since()),
                        until(said),
                        String.join(", ", said.groups()))));
      }
    }
    table.print(System.out, Terminal.width());
    if (none) {
      System.out.println("Nothing is known of any user: all read what is public or their own");
    }
    return 0;
  }

  private static String until(Membership said) {
    if (said.until() == null) {
      return "removed";
    }
    return shown(said.until()) + (said.counts(Instant.now()) ? "" : " (over)");
  }

  static String shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
