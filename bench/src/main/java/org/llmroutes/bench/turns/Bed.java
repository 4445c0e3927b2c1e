package org.llmroutes.bench.turns;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.nats.NatsSetup;

/**
 * One handler with a nats-server and a Valkey that only it uses, so that all handlers can stay up,
 * warm, and be measured in turn while the others rest.
 */
public final class Bed implements AutoCloseable {
  private static final long READY_WITHIN_SECONDS = 60;

  private final Handler handler;
  private final NatsServer natsServer;
  private final ValkeyServer valkey;
  private final Connection nats;
  private final Path log;
  private final Map<String, String> environment;
  private volatile Process process;

  /**
   * @param services where the AI services and Milvus are
   * @param workers turns at the same time
   */
  public Bed(Handler handler, Path folder, Map<String, String> services, int workers)
      throws Exception {
    this.handler = handler;
    this.log = folder.resolve("handler.log");
    natsServer = new NatsServer(folder.resolve("nats"), 0);
    valkey = new ValkeyServer(folder.resolve("valkey"), 0);
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    natsServer.start();
    valkey.start();
    nats = Nats.connect(natsServer.url());
    NatsSetup.apply(nats, Project.root().resolve("config/nats"));
    environment = new HashMap<>(services);
    environment.put("NATS_URL", natsServer.url());
    environment.put("VALKEY_URL", valkey.url());
    environment.put("CHAT_WORKERS", Integer.toString(workers));
    environment.put("CHAT_WORKERS_PER_USER", Integer.toString(workers));
    environment.put("CHAT_REWRITE_ENABLED", "false");
    environment.put("ROUTES_ENABLED", "chat");
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
  }

  public Handler handler() {
    return handler;
  }

  public Connection nats() {
    return nats;
  }

  /** Starts the handler. Milliseconds until it was ready. */
  public double start() throws IOException, InterruptedException {
    return start(Map.of());
  }

  /**
   * @param more in its environment
   */
  double start(Map<String, String> more) throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    long began = System.nanoTime();
    process = handler.start(all, log);
    while (!handler.ready(environment, log)) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS)
          || System.nanoTime() - began > TimeUnit.SECONDS.toNanos(READY_WITHIN_SECONDS)) {
        throw new IllegalStateException(handler.title() + " did not start:\n" + logEnd());
      }
    }
    return (System.nanoTime() - began) / 1e6;
  }

  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  /** CPU time that the handler has used, in user and kernel. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Resident memory of the handler in MB (2^20 bytes). */
  double residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1024.0;
  }

  String logEnd() throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 3000));
  }

  private void kill() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws Exception {
    stop();
    nats.close();
    valkey.close();
    natsServer.close();
  }
}
