package org.llmroutes.cli;

import java.nio.file.Path;
import java.util.Set;
import org.llmroutes.logging.LogFormat;
import org.llmroutes.logging.OtherOutput;

/** Where {@code ./dev} and the container begin. */
public final class Main {
  /** Commands that print nothing for others to read. */
  private static final Set<String> SERVING = Set.of("run", "callout");

  private Main() {}

  public static void main(String[] args) {
    OtherOutput.bridge();
    if (args.length > 0 && SERVING.contains(args[0]) && LogFormat.isJson(System.getenv())) {
      OtherOutput.capture();
    }
    String metrics = System.getenv().getOrDefault(MetricsFile.VARIABLE, "");
    if (metrics.isBlank()) {
      System.exit(execute(args));
    }
    MetricsFile file = new MetricsFile(Path.of(metrics));
    int code = execute(args);
    file.write();
    System.exit(code);
  }

  /** No archive holds classes for Java 5, as picocli's are, so the usual starts do without it. */
  private static int execute(String... args) {
    return switch (String.join(" ", args)) {
      case "run" -> run(new RunCommand());
      case "run --validate" -> run(RunCommand.validating());
      default -> LlmRoutes.execute(args);
    };
  }

  private static int run(RunCommand routes) {
    try {
      return routes.call();
    } catch (Exception e) {
      return FailureWords.tell("run", e);
    }
  }
}
