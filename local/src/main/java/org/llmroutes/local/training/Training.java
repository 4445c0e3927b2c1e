package org.llmroutes.local.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
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
 * [SECONDS [LAUNCHER HOME ARCHIVE]]}. By default the archive is that of {@code
 * processors/llm-routes}, in the folder of the jar, for the JDK that runs this; for a product that
 * is laid out elsewhere, its launcher, what {@code LLM_ROUTES_HOME} is for it, and the archive as
 * that launcher names it. Where that is done already, nothing is.
 */
public final class Training {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final Duration KEEPS_WITHIN = Duration.ofMinutes(5);
  private static final Set<String> KEPT = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR");
  private static final int CLIENTS = 8;
  private static final int LINES_OF_LOG = 15;

  /** What is trained. */
  private record Product(Path launcher, Path home, Path archive) {
    static Product of(String... paths) {
      return new Product(
          Path.of(paths[0]).toAbsolutePath(),
          Path.of(paths[1]).toAbsolutePath(),
          Path.of(paths[2]).toAbsolutePath());
    }

    /** The one of this project, as its launcher names the archive of this JDK. */
    static Product built() {
      Path processors = Project.root().resolve("processors");
      String name = "start-" + System.getProperty("java.runtime.version") + ".archive";
      return new Product(
          processors.resolve("llm-routes"),
          Project.root(),
          processors.resolve("target").resolve(name));
    }

    Path mark() {
      return Path.of(archive + ".trained");
    }

    boolean isTrained() throws IOException {
      Path jar = archive.resolveSibling("llm-routes.jar");
      return Files.exists(mark())
          && Files.getLastModifiedTime(mark()).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }
  }

  private final Path data;
  private final Duration time;
  private final Product product;

  /**
   * @param data a folder for servers, deleted in the end
   * @param time of answering
   */
  private Training(Path data, Duration time, Product product) {
    this.data = data;
    this.time = time;
    this.product = product;
  }

  public static void main(String[] args) throws Exception {
    Product product =
        args.length > 1 ? Product.of(Arrays.copyOfRange(args, 1, args.length)) : Product.built();
    if (product.isTrained()) {
      return;
    }
    Duration time = Duration.ofSeconds(args.length == 0 ? 30 : Long.parseLong(args[0]));
    Path data = Files.createTempDirectory("llm-routes-training");
    try {
      new Training(data, time, product).run();
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
      Process recorded = start(environment, "record");
      try {
        TrainingClients clients = new TrainingClients(environment);
        clients.awaitReady(recorded, STARTS_WITHIN);
        clients.ask(CLIENTS, time);
      } finally {
        recorded.destroy();
      }
      // it writes the archive at its end, which takes a while
      if (!recorded.waitFor(KEEPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        recorded.destroyForcibly();
      }
    }
    keep();
  }

  private Process start(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(product.launcher().toString());
    builder.command().addAll(List.of(command));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    // what the caller's environment says of services and roles is for others
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LLM_ROUTES_HOME", product.home().toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void require(Process process, Duration within) throws IOException, InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("The product cannot be trained:\n" + tail());
    }
  }

  /** In place of the one before, in one step, so that a start has one of them. */
  private void keep() throws IOException {
    Path recorded = Path.of(product.archive() + ".new");
    if (!Files.exists(recorded)) {
      throw new IllegalStateException("Nothing was kept:\n" + tail());
    }
    Files.move(recorded, product.archive(), StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(product.mark(), "");
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
