package org.llmroutes.cli;

import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.llmroutes.identity.ApiKey;
import org.llmroutes.identity.KeyFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Shows what is kept of API keys. */
@Command(
    name = "list",
    description = "Show whose keys there are; the keys themselves are not kept",
    mixinStandardHelpOptions = true)
final class KeysListCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    KeyFile file = KeysCommand.file();
    List<ApiKey> keys = Files.exists(file.path()) ? file.read() : List.of();
    if (keys.isEmpty()) {
      System.out.println("There are no keys in " + file.path());
    }
    Table table = new Table("ID", "USER", "EXPIRES", "FOR", "GROUPS");
    for (ApiKey key : keys) {
      table.add(
          Arrays.asList(
              key.id(),
              key.identity().userId(),
              end(key.identity().expires()),
              key.identity().forwardsUsers() ? "users it names" : "itself",
              String.join(", ", new TreeSet<>(key.identity().groups()))));
    }
    table.print(System.out, Terminal.width());
    return CommandLine.ExitCode.OK;
  }

  private static String end(Instant expires) {
    if (expires.equals(Instant.MAX)) {
      return "never";
    }
    return expires.isBefore(Instant.now()) ? "has expired" : expires.toString();
  }
}
