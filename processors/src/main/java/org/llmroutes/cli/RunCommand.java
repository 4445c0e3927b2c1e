package org.llmroutes.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.llmroutes.config.Settings;
import org.llmroutes.platform.Platform;
import org.llmroutes.platform.ServerAddress;
import org.llmroutes.rehearsal.Rehearsal;
import org.llmroutes.validate.Mistake;
import org.llmroutes.validate.ProjectValidator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The routes, in the foreground, until SIGTERM or Ctrl-C; what the container runs. */
@Command(
    description = "Run the routes against the services named by the environment",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Option(
      names = "--watch",
      description =
          "Serve routes and Kamelets as they are edited; a broken file keeps the last good ones serving")
  private boolean watch;

  @Option(
      names = "--check",
      description = "Only say whether the routes can start: by settings, environment and ports")
  private boolean check;

  @Option(
      names = "--validate",
      description = "Check everything as validate does, and do not start with a mistake")
  private boolean validate;

  static RunCommand validating() {
    RunCommand command = new RunCommand();
    command.validate = true;
    return command;
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    refuseMistakes(settings);
    ServerAddress health = ServerAddress.ofHealth(settings.environment());
    health.requireFree();
    ServerAddress.ofGateway(settings)
        .ifPresent(
            gateway -> {
              gateway.requireFree();
              gateway.requireApartFrom(health);
            });
    if (check) {
      System.out.println("The routes can start");
      return 0;
    }
    try (Platform platform = new Platform(settings)) {
      if (watch) {
        platform.watch();
      }
      Rehearsal rehearsal = new Rehearsal(settings, platform::isBusy, platform::reachesMilvus);
      platform.afterStart(() -> rehearsal.start(platform::end));
      platform.run();
    }
    return 0;
  }

  private void refuseMistakes(Settings settings) {
    Path home = settings.path("");
    List<Mistake> mistakes =
        validate
            ? new ProjectValidator().check(home, settings.environment())
            : ProjectValidator.checkStart(home, settings.environment());
    if (!mistakes.isEmpty()) {
      throw new CommandFailure(
          mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")), null);
    }
  }
}
