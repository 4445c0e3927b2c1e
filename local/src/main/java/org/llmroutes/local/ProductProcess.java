package org.llmroutes.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The product's own command line, started as a process of its own: what the container runs. */
public final class ProductProcess implements AutoCloseable {
  /** Exit code of a command that has done what can be done. */
  private static final int LEFT_OUT = 3;

  private final Map<String, String> environment;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param environment where the services are
   */
  public ProductProcess(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Starts a command; what it prints is appended to the log. */
  public Process start(Path log, String... arguments) throws IOException {
    Path root = Project.root();
    List<String> command = new ArrayList<>();
    command.add(root.resolve("processors/llm-routes").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    builder.environment().put("LLM_ROUTES_HOME", root.toString());
    return builder.start();
  }

  /** Runs a command to its end and fails where it fails; the log names what it left out. */
  public void run(Path log, String... arguments) throws IOException, InterruptedException {
    Process process = start(log, arguments);
    running.add(process);
    try {
      if (closed) {
        throw new IllegalStateException(arguments[0] + " is no longer wanted");
      }
      int exit = process.waitFor();
      if (exit != 0 && exit != LEFT_OUT) {
        throw new IllegalStateException(arguments[0] + " failed");
      }
    } finally {
      running.remove(process);
      process.destroy();
    }
  }

  /** Ends what is being run to its end. */
  @Override
  public void close() {
    closed = true;
    running.forEach(Process::destroyForcibly);
  }
}
