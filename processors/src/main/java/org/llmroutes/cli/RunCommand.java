package org.llmroutes.cli;

import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.platform.Platform;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The routes, in the foreground, until SIGTERM or Ctrl-C; what the container runs. */
@Command(
    name = "run",
    description = "Run the routes against the services named by the environment",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Option(
      names = "--watch",
      description =
          "Serve routes and Kamelets as they are edited; a broken file keeps the last good ones serving")
  private boolean watch;

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    try (Platform platform = new Platform(settings)) {
      if (watch) {
        platform.watch();
      }
      platform.run();
    }
    return 0;
  }
}
