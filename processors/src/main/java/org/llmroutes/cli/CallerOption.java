package org.llmroutes.cli;

import org.llmroutes.config.Settings;
import picocli.CommandLine.Option;

/** Who asks, where the command line says so. */
final class CallerOption {
  @Option(
      names = "--user",
      converter = TokenConverter.class,
      description = "Who asks (default: who is logged in, else local)")
  private String user;

  Caller connect(Settings settings) throws InterruptedException {
    return Caller.connect(settings, user);
  }
}
