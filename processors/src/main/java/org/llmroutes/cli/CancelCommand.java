package org.llmroutes.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops a request, wherever it is. */
@Command(
    description =
        "Stop a request: at once where it is in work, when its turn comes where it waits or has not arrived",
    mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "REQUEST_ID",
      converter = TokenConverter.class,
      description = "The request_id that the client chose")
  private String requestId;

  @Option(
      names = "--user",
      converter = TokenConverter.class,
      description = "Whose request it is, where a key says who asks")
  private String user;

  @Override
  public Integer call() throws Exception {
    try (Caller caller = Caller.connect(Clients.settings(), user)) {
      caller.cancel(requestId);
    }
    System.out.println("Cancel sent; the end of " + requestId + " will say cancelled");
    return 0;
  }
}
