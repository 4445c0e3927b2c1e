package org.llmroutes.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;

/** The product's command line. */
@Command(
    name = "llm-routes",
    description = "Declarative Camel routes for chat, voice and pipelines on NATS",
    mixinStandardHelpOptions = true,
    versionProvider = LlmRoutes.Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class LlmRoutes {
  /** Exit code: done, but for what is named. */
  static final int LEFT_OUT = 3;

  /** Each is called as its class, less {@code Command}. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          BatchCommand.class,
          ChatCommand.class,
          CalloutCommand.class,
          CancelCommand.class,
          DlqCommand.class,
          DoctorCommand.class,
          ForgetCommand.class,
          IngestCommand.class,
          KeysCommand.class,
          LoginCommand.class,
          LogoutCommand.class,
          PipelineCommand.class,
          RunCommand.class,
          SetupCommand.class,
          TraceCommand.class,
          UsersCommand.class,
          ValidateCommand.class,
          VoiceCommand.class);

  private LlmRoutes() {}

  /** What the jar says; classes without one have no version. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = LlmRoutes.class.getPackage().getImplementationVersion();
      return new String[] {"llm-routes " + (version == null ? "(not packaged)" : version)};
    }
  }

  /** The exit code. */
  static int execute(String... args) {
    CommandLine commands = commands(args.length > 0 ? args[0] : "");
    commands.setExecutionExceptionHandler(
        (failure, command, arguments) -> FailureWords.tell(command.getCommandName(), failure));
    IParameterExceptionHandler usage = commands.getParameterExceptionHandler();
    commands.setParameterExceptionHandler(
        (mistake, arguments) -> {
          SummaryFile.write(mistake.getMessage());
          return usage.handleParseException(mistake, arguments);
        });
    return commands.execute(args);
  }

  /** Reading the options of every command takes 65 ms of a start, so one that is known is alone. */
  private static CommandLine commands(String asked) {
    CommandLine commands = new CommandLine(new LlmRoutes());
    List<Class<?>> known = COMMANDS.stream().filter(type -> nameOf(type).equals(asked)).toList();
    (known.isEmpty() ? COMMANDS : known)
        .forEach(type -> commands.addSubcommand(nameOf(type), type));
    if (known.isEmpty()) {
      commands.addSubcommand(new CommandLine.HelpCommand());
    }
    return commands;
  }

  private static String nameOf(Class<?> command) {
    return command.getSimpleName().replace("Command", "").toLowerCase(Locale.ROOT);
  }
}
