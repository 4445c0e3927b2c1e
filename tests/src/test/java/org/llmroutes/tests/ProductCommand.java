package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.Project;

/** The product's command line as a process of its own, in a folder of a test's. */
record ProductCommand(Path folder, Map<String, String> services, Map<String, String> others) {

  /**
   * @param output standard output and standard error, as they came
   */
  record Result(int exit, String output) {}

  Result run(String... arguments) throws Exception {
    return result(start(arguments));
  }

  Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // commands are short: they end before the optimising compiler pays
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.llmroutes.cli.LlmRoutes"));
    if (Runtime.version().feature() > 22) {
      // as the launcher does
      command.add(1, "--sun-misc-unsafe-memory-access=allow");
    }
    if (Runtime.version().feature() > 23) {
      command.add(1, "--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    builder.environment().put("LLM_ROUTES_HOME", Project.root().toString());
    builder.environment().putAll(services);
    builder.environment().putAll(others);
    return builder.start();
  }

  Result result(Process process) throws Exception {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(output()));
  }

  /** Where the command that runs now writes. */
  Path output() {
    return folder.resolve("output");
  }
}
