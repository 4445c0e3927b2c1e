package org.llmroutes.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.identity.ApiKey;
import org.llmroutes.identity.KeyFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes API keys away. */
@Command(
    name = "revoke",
    description = "Take keys away; the gateway refuses them from then on",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:they are gone", "1:one of them is not there, nothing was changed"})
final class KeysRevokeCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "ID", description = "Keys, as list shows them")
  private List<String> ids;

  @Override
  public Integer call() throws Exception {
    KeyFile file = KeysCommand.file();
    List<ApiKey> keys = new ArrayList<>(Files.exists(file.path()) ? file.read() : List.of());
    for (String id : ids) {
      if (!keys.removeIf(key -> key.id().equals(id))) {
        throw new CommandFailure("There is no key " + id + "; ./dev keys list shows them", null);
      }
    }
    file.write(keys);
    System.out.println("Revoked: " + String.join(", ", ids));
    return CommandLine.ExitCode.OK;
  }
}
