package org.llmroutes.local.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;

/**
 * Starts the product with servers and fakes of its own, has it answer for a while, and keeps what
 * it loaded, and from a JDK 25 on what it learnt of its code, for later starts: {@code Training
 * [SECONDS]}. The archive is that of {@code processors/llm-routes}, in the folder of the jar; it
 * fits the JDK that runs this and the jar that is there; where that is done already, nothing is.
 */
public final class Training {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final Duration KEEPS_WITHIN = Duration.ofMinutes(5);
  private static final Set<String> KEPT = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR");
  private static final int CLIENTS = 8;
  private static final int LINES_OF_LOG = 15;

  private final Path data;
  private final Duration time;

  /**
   * @param data a folder for servers, deleted in the end
   * @param time of answering
   */
  Training(Path data, Duration time) {
    this.data = data;
    this.time = time;
  }

  public static void main(String[] args) throws Exception {
    if (isTrained()) {
      return;
    }
    Path data = Files.createTempDirectory("llm-routes-training");
    try {
      new Training(data, Duration.ofSeconds(args.length == 0 ? 30 : Long.parseLong(args[0]))).run();
    } finally {
      delete(data);
    }
    System.exit(0);
  }

  private void run() throws Exception {
    try (NatsServer nats = new NatsServer(data.resolve("nats"), 0);
        ValkeyServer valkey = new ValkeyServer(data.resolve("valkey"), 0);
        MilvusLite milvus = new MilvusLite(data.resolve("milvus"), 0);
        FakeModels models = new FakeModels()) {
      List.of(nats, valkey, milvus).parallelStream().forEach(server -> server.start());
      Map<String, String> environment = new HashMap<>(models.environment());
      environment.put("NATS_URL", nats.url());
      environment.put("VALKEY_URL", valkey.url());
      environment.put("MILVUS_HOST", milvus.host());
      environment.put("MILVUS_PORT", Integer.toString(milvus.port()));
      environment.put("LLM_ROUTES_HOST", "127.0.0.1");
      environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
      environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
      environment.put("AUTH_METHODS", "open");
      require(start(environment, "setup"), Duration.ofMinutes(1));
      Path readme = Project.root().resolve("README.md");
      require(start(environment, "ingest", readme.toString()), Duration.ofMinutes(2));
      Process product = start(environment, "record");
      try {
        TrainingClients clients = new TrainingClients(environment);
        clients.awaitReady(product, STARTS_WITHIN);
        clients.ask(CLIENTS, time);
      } finally {
        product.destroy();
      }
      // it writes the archive at its end, which takes a while
      if (!product.waitFor(KEEPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        product.destroyForcibly();
      }
    }
    keep();
  }

  private Process start(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(Project.root().resolve("processors/llm-routes").toString());
    builder.command().addAll(List.of(command));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    // what the caller's environment says of services and roles is for others
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LLM_ROUTES_HOME", Project.root().toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void require(Process process, Duration within) throws IOException, InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("The product cannot be trained:\n" + tail());
    }
  }

  /** The archive of this JDK, as the launcher names it. */
  private static Path archive() {
    return Project.root()
        .resolve("processors/target")
        .resolve("start-" + System.getProperty("java.runtime.version") + ".archive");
  }

  private static Path mark() {
    return Path.of(archive() + ".trained");
  }

  private static boolean isTrained() throws IOException {
    Path jar = Project.root().resolve("processors/target/llm-routes.jar");
    return Files.exists(mark())
        && Files.getLastModifiedTime(mark()).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  /** In place of the one before, in one step, so that a start has one of them. */
  private void keep() throws IOException {
    Path recorded = Path.of(archive() + ".new");
    if (!Files.exists(recorded)) {
      throw new IllegalStateException("Nothing was kept:\n" + tail());
    }
    Files.move(recorded, archive(), StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(mark(), "");
  }

  private Path log() {
    return data.resolve("product.log");
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
