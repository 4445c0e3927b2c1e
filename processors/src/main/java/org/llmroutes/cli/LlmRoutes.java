package org.llmroutes.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.llmroutes.logging.LogFormat;
import org.llmroutes.logging.OtherOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParseResult;

/** The product's command line; {@code ./dev} and the container start it. */
@Command(
    name = "llm-routes",
    description = "Declarative Camel routes for chat, voice and pipelines on NATS",
    mixinStandardHelpOptions = true,
    versionProvider = LlmRoutes.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class LlmRoutes {
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

  /** Commands that print nothing for others to read. */
  private static final Set<String> SERVING = Set.of("run", "callout");

  private static final Logger LOG = LoggerFactory.getLogger(LlmRoutes.class);

  private LlmRoutes() {}

  /** What the jar says; classes without one have no version. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = LlmRoutes.class.getPackage().getImplementationVersion();
      return new String[] {"llm-routes " + (version == null ? "(not packaged)" : version)};
    }
  }

  public static void main(String[] args) {
    OtherOutput.bridge();
    if (args.length > 0 && SERVING.contains(args[0]) && LogFormat.isJson(System.getenv())) {
      OtherOutput.capture();
    }
    CommandLine commands = commands(args.length > 0 ? args[0] : "");
    commands.setExecutionExceptionHandler(LlmRoutes::report);
    IParameterExceptionHandler usage = commands.getParameterExceptionHandler();
    commands.setParameterExceptionHandler(
        (mistake, arguments) -> {
          SummaryFile.write(mistake.getMessage());
          return usage.handleParseException(mistake, arguments);
        });
    String metrics = System.getenv().getOrDefault(MetricsFile.VARIABLE, "");
    if (metrics.isBlank()) {
      System.exit(commands.execute(args));
    }
    MetricsFile file = new MetricsFile(Path.of(metrics));
    int code = commands.execute(args);
    file.write();
    System.exit(code);
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

  private static int report(Exception failure, CommandLine command, ParseResult arguments) {
    LOG.debug("{} failed", command.getCommandName(), failure);
    String words = FailureWords.of(failure);
    command.getErr().println(command.getCommandName() + ": " + words);
    SummaryFile.write(words);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
