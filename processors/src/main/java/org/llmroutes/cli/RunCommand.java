package org.llmroutes.cli;

import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.platform.Platform;
import picocli.CommandLine.Command;

/** The routes, in the foreground, until SIGTERM or Ctrl-C; what the container runs. */
@Command(
    name = "run",
    description = "Run the routes against the services named by the environment",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    try (Platform platform = new Platform(settings)) {
      platform.run();
    }
    return 0;
  }
}
