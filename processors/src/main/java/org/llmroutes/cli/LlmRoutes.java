package org.llmroutes.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The product's command line; {@code ./dev} and the container start it. */
@Command(
    name = "llm-routes",
    description = "Declarative Camel routes for chat, voice and pipelines on NATS",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CommandLine.HelpCommand.class})
public final class LlmRoutes {
  private LlmRoutes() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new LlmRoutes()).execute(args));
  }
}
