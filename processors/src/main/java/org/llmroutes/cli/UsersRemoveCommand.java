package org.llmroutes.cli;

import io.nats.client.Connection;
import java.util.concurrent.Callable;
import org.llmroutes.identity.Memberships;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a user out of all groups. */
@Command(
    name = "remove",
    description = {
      "Take a user out of all groups, at once and everywhere.",
      "Groups of credentials come back with the next request that is sent with them."
    },
    mixinStandardHelpOptions = true)
final class UsersRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "USER", converter = TokenConverter.class, description = "The user")
  private String user;

  @Override
  public Integer call() throws Exception {
    try (Connection connection = Clients.connect(Clients.settings())) {
      boolean known = new Memberships(connection).remove(user);
      System.out.println(known ? user + " is in no group any more" : "Nothing is known of " + user);
    }
    return 0;
  }
}
