package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.llmroutes.cli.Main;
import org.llmroutes.local.Project;

/**
 * The product's command line as users have it: packaged, by its launcher, in a folder of a test's.
 */
record ProductCommand(Path folder, Map<String, String> services, Map<String, String> others) {
  private static final String LAUNCHER = launcher();

  /**
   * @param output standard output and standard error, as they came
   */
  record Result(int exit, String output) {}

  /** With an archive of its classes, which the first test that starts it makes for all. */
  private static String launcher() {
    Path launcher = Project.root().resolve("processors/llm-routes");
    Path here = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    assertThat(here).as("what is started is what mvn package made").isRegularFile();
    try (FileChannel file =
            FileChannel.open(
                here.resolveSibling("archive.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock ignored = file.lock()) {
      start(new ProcessBuilder(launcher.toString(), "archive").inheritIO()).waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return launcher.toString();
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  Result run(String... arguments) throws Exception {
    return result(start(arguments));
  }

  Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(LAUNCHER), Stream.of(arguments)).toList())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    builder.environment().put("LLM_ROUTES_HOME", Project.root().toString());
    builder.environment().putAll(services);
    builder.environment().putAll(others);
    return start(builder);
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
