package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmroutes.local.Ports;

/** The routes as a process of their own, to be killed and started again. Logs are kept apart. */
final class Instance implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final AtomicInteger STARTED = new AtomicInteger();

  private static final String LITTLE = "-Xms64m -Xmn32m -Xmx96m";

  private final Servers servers;
  private final Map<String, String> own;
  private final int port = Ports.free(0);
  private Process process;
  private ProductCommand command;

  /** Not started yet, in half the memory that it has by default: what leaks ends it. */
  Instance(Servers servers) {
    this(servers, LITTLE);
  }

  /**
   * Not started yet.
   *
   * @param heap what it may take, as options of the JVM; empty for what it has by default
   */
  Instance(Servers servers, String heap) {
    this(servers, heap, Map.of());
  }

  /**
   * Not started yet.
   *
   * @param settings other ones than those of the servers, as environment variables
   */
  Instance(Servers servers, Map<String, String> settings) {
    this(servers, LITTLE, settings);
  }

  private Instance(Servers servers, String heap, Map<String, String> settings) {
    this.servers = servers;
    own = new HashMap<>(settings);
    own.put("LLM_ROUTES_PORT", Integer.toString(port));
    own.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    own.put("JAVA_OPTS", heap + " -XX:+ExitOnOutOfMemoryError");
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  /** Starts the process with all roles; returns at once. */
  void start() {
    start("");
  }

  /**
   * Starts the process; returns at once.
   *
   * @param roles what it is to do, with commas; empty for everything
   */
  void start(String roles) {
    Path folder = servers.data.resolve("run" + STARTED.getAndIncrement());
    Map<String, String> services = new HashMap<>(servers.environment);
    services.put("REHEARSAL_TURNS", "0");
    if (!roles.isEmpty()) {
      services.put("ROUTES_ENABLED", roles);
    }
    try {
      Files.createDirectories(folder);
      command = new ProductCommand(folder, services, own);
      process = command.start("run");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process that was started last has said. */
  Path output() {
    return command.output();
  }

  /** Where it listens. */
  Map<String, String> environment() {
    return own;
  }

  void awaitReady() {
    await().until(this::isReady);
  }

  boolean isReady() throws InterruptedException {
    assertThat(process.isAlive()).as("the routes run").isTrue();
    URI ready = URI.create("http://127.0.0.1:" + port + "/observe/health/ready");
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(10)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code kill -9} does. */
  void kill() {
    // of one that has ended, onExit() waits for whoever has its pid by then
    if (process != null && process.isAlive()) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** As SIGTERM does; returns once the process has ended by itself. */
  void stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the routes end").isTrue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }
}
