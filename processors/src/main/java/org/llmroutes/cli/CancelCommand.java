package org.llmroutes.cli;

import io.nats.client.Connection;
import java.util.concurrent.Callable;
import org.llmroutes.turn.TurnOpening;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stops a request, wherever it is. */
@Command(
    name = "cancel",
    description =
        "Stop a request: at once where it is in work, when its turn comes where it waits or has not arrived",
    mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "REQUEST_ID", description = "The request_id that the client chose")
  private String requestId;

  @Override
  public Integer call() throws Exception {
    if (!TurnOpening.isToken(requestId)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "A REQUEST_ID is 1 to 128 of A-Z a-z 0-9 _ -");
    }
    try (Connection connection = Clients.connect(Clients.settings())) {
      TurnClient.cancel(connection, requestId);
    }
    System.out.println("Cancel sent; the end of " + requestId + " will say cancelled");
    return 0;
  }
}
