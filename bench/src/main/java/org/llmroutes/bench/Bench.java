package org.llmroutes.bench;

import org.llmroutes.bench.fuzz.FuzzCommand;
import org.llmroutes.bench.gateway.GatewayCommand;
import org.llmroutes.bench.relay.RelayCommand;
import org.llmroutes.bench.retrieval.RetrievalCommand;
import org.llmroutes.bench.turns.TurnsCommand;
import org.llmroutes.bench.voice.VoiceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks; {@code ./dev bench NAME} runs one. */
@Command(
    name = "./dev bench",
    description = "Measure, each thing beside its peer in the same run",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      RetrievalCommand.class,
      RelayCommand.class,
      GatewayCommand.class,
      TurnsCommand.class,
      VoiceCommand.class,
      FuzzCommand.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    CommandLine commands = new CommandLine(new Bench());
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setExecutionExceptionHandler(
        (failure, command, arguments) -> {
          command.getErr().println(command.getCommandName() + ": " + failure.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    System.exit(commands.execute(args));
  }
}
