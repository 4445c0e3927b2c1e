package org.llmroutes.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real server as a process of this machine: started on a port of its own, stopped, killed, and
 * started again on its data.
 */
public abstract class LocalServer implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

  private final String name;
  private final Path data;
  private final int port;
  private volatile Process process;
  private volatile boolean over;

  /**
   * @param data folder for data and log, made where it is missing
   * @param wished port to use where it is free, 0 for any
   */
  protected LocalServer(String name, Path data, int wished) {
    this.name = name;
    this.data = data.toAbsolutePath();
    this.port = Ports.free(wished);
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** The command line of the real program. */
  protected abstract List<String> command() throws IOException;

  /** Whether the server answers in its own protocol. */
  protected boolean answers() {
    return Ports.answers(port);
  }

  /** Starts the process and returns once it answers. */
  public final synchronized void start() {
    try {
      Files.createDirectories(data);
      process =
          new ProcessBuilder(command())
              .directory(data.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      requireWanted();
      long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
      while (!answers()) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          kill();
          throw new IllegalStateException(name + " did not start; its log ends with:\n" + tail());
        }
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
      throw new IllegalStateException("Interrupted while " + name + " started", e);
    }
  }

  /** Also a process that is just being started when this one ends. */
  private void end() {
    over = true;
    kill();
  }

  private void requireWanted() {
    if (over) {
      kill();
      throw new IllegalStateException(name + " is no longer wanted");
    }
  }

  /** Asks the process and those it started to end and waits; after ten seconds they are killed. */
  public final synchronized void stop() {
    if (!isAlive()) {
      return;
    }
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(10, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      all.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** As {@code kill -9} does. */
  public final void kill() {
    Process running = process;
    // of one that has ended, onExit() waits for whoever has its pid by then
    if (running != null && running.isAlive()) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly().onExit().join();
    }
  }

  @Override
  public final void close() {
    stop();
  }

  public final int port() {
    return port;
  }

  public final long pid() {
    return process.pid();
  }

  public final boolean isAlive() {
    return process != null && process.isAlive();
  }

  public final String name() {
    return name;
  }

  protected final Path data() {
    return data;
  }

  private Path log() {
    return data.resolve(name + ".log");
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }
}
