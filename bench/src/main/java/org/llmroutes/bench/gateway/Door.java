package org.llmroutes.bench.gateway;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llmroutes.local.Ports;
import org.llmroutes.local.ProductProcess;
import org.llmroutes.local.Project;

/** What is compared: a server between HTTP and NATS, as a process of its own. */
final class Door implements AutoCloseable {
  private static final int STARTS_WITHIN_MILLIS = 60_000;

  private final String title;
  private final int port;
  private final Process process;

  private Door(String title, int port, Process process) {
    this.title = title;
    this.port = port;
    this.process = process;
  }

  /** The product, as a gateway alone. */
  static Door product(String nats, Path data) throws IOException, InterruptedException {
    int port = Ports.free(0);
    int health = Ports.free(0);
    Map<String, String> environment = new HashMap<>();
    environment.put("NATS_URL", nats);
    environment.put("VALKEY_URL", "redis://127.0.0.1:1");
    environment.put("ROUTES_ENABLED", "gateway");
    environment.put("GATEWAY_PORT", Integer.toString(port));
    environment.put("LLM_ROUTES_PORT", Integer.toString(health));
    Process process = new ProductProcess(environment).start(data.resolve("gateway.log"), "run");
    return new Door("llm-routes", port, process)
        .ready("http://127.0.0.1:" + health + "/observe/health/ready");
  }

  /** What the platform would run otherwise. */
  static Door relay(String nats, Path data) throws IOException, InterruptedException {
    int port = Ports.free(0);
    ProcessBuilder relay =
        new ProcessBuilder(
                List.of(
                    Project.root().resolve(".dev/bench/venv/bin/python").toString(),
                    Project.root().resolve("bench/peers/http_relay.py").toString(),
                    nats,
                    Integer.toString(port)))
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("relay.log").toFile());
    return new Door("asyncio", port, relay.start()).ready("http://127.0.0.1:" + port + "/health");
  }

  private Door ready(String url) throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + STARTS_WITHIN_MILLIS;
    while (System.currentTimeMillis() < end) {
      if (!process.isAlive()) {
        throw new IllegalStateException(title + " ended; its log is in .dev/bench");
      } else if (answers(url)) {
        return this;
      }
      Thread.sleep(100);
    }
    close();
    throw new IllegalStateException(title + " is not ready after a minute");
  }

  private static boolean answers(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  String title() {
    return title;
  }

  int port() {
    return port;
  }

  /** Memory that the process has in use, in MB. */
  double residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
