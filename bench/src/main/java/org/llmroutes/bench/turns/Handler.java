package org.llmroutes.bench.turns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.llmroutes.bench.ServingProduct;
import org.llmroutes.local.ProductProcess;
import org.llmroutes.local.Project;

/** The handlers that are compared, each a process of its own. */
public enum Handler {
  PRODUCT("llm-routes") {
    @Override
    Process start(Map<String, String> environment, Path log) throws IOException {
      return new ProductProcess(environment).start(log, "run");
    }

    @Override
    boolean ready(Map<String, String> environment, Path log) throws InterruptedException {
      return ServingProduct.isReady(environment.get("LLM_ROUTES_PORT"));
    }
  },

  /** What the platform would run otherwise. */
  PYTHON("asyncio") {
    @Override
    Process start(Map<String, String> environment, Path log) throws IOException {
      Path root = Project.root();
      return launch(
          List.of(
              root.resolve(".dev/bench/venv/bin/python").toString(),
              root.resolve("bench/peers/chat_handler.py").toString()),
          environment,
          log);
    }
  },

  /** The practical limit: compiled, and with few promises. */
  GO("Go") {
    @Override
    Process start(Map<String, String> environment, Path log) throws IOException {
      return launch(List.of(goBinary().toString()), environment, log);
    }

    @Override
    public boolean isThere() {
      return Files.exists(goBinary());
    }

    @Override
    boolean retrieves() {
      return false;
    }

    private Path goBinary() {
      return Project.root().resolve(".dev/bench/chat_handler");
    }
  },

  /** The limit of Java. */
  PLAIN("plain Java") {
    @Override
    Process start(Map<String, String> environment, Path log) throws IOException {
      return launch(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              PlainHandler.class.getName()),
          environment,
          log);
    }
  };

  private final String title;

  Handler(String title) {
    this.title = title;
  }

  /** Whether it could be built here. */
  public boolean isThere() {
    return true;
  }

  /** Whether it answers from documents. */
  boolean retrieves() {
    return true;
  }

  public String title() {
    return title;
  }

  /**
   * @param environment where the services are, as the product takes it
   * @param log gets what the process prints
   */
  abstract Process start(Map<String, String> environment, Path log) throws IOException;

  /** Whether requests are served; the peers say so in their log. */
  boolean ready(Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    return Files.readString(log).contains("ready\n");
  }

  private static Process launch(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }
}
