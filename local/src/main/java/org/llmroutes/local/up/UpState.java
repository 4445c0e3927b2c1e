package org.llmroutes.local.up;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.local.Project;

/**
 * What {@code ./dev up} leaves in {@code .dev/up}: the processes it started, what they said, and,
 * once all is ready, the environment under which commands reach them.
 */
final class UpState {
  private final Path folder = Project.root().resolve(".dev/up");

  /** A process as it was when it was noted; a later one with the same number started later. */
  private record Noted(long pid, Instant started, String name) {
    static Noted parse(String line) {
      String[] words = line.split(" ", 3);
      // a stack that has been up since before an update may be noted without names
      String name = words.length > 2 ? words[2] : "process";
      return new Noted(Long.parseLong(words[0]), Instant.parse(words[1]), name);
    }

    Optional<ProcessHandle> running() {
      return ProcessHandle.of(pid).filter(handle -> started.equals(startOf(handle)));
    }
  }

  UpState() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log() {
    return folder.resolve("stack.log");
  }

  Path routesLog() {
    return folder.resolve("routes.log");
  }

  Path calloutLog() {
    return folder.resolve("callout.log");
  }

  /** What the user is told, line by line. */
  Path progress() {
    return folder.resolve("progress");
  }

  /** Notes a process that {@code down} has to stop. */
  void started(String name, ProcessHandle process) {
    append(pids(), process.pid() + " " + startOf(process) + " " + name);
  }

  /** Those of the noted processes that still run, in the order in which they were started. */
  List<ProcessHandle> running() {
    return noted().stream().map(Noted::running).flatMap(Optional::stream).toList();
  }

  /** The names of those that have ended. */
  List<String> ended() {
    return noted().stream()
        .filter(noted -> noted.running().isEmpty())
        .map(noted -> noted.name() + " (pid " + noted.pid() + ")")
        .toList();
  }

  private List<Noted> noted() {
    if (!Files.exists(pids())) {
      return List.of();
    }
    try {
      return Files.readAllLines(pids()).stream().map(Noted::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * From here on commands find the stack.
   *
   * @param operator what commands of operators have besides, secrets among them
   */
  void ready(Map<String, String> environment, Map<String, String> operator) {
    try {
      if (!operator.isEmpty()) {
        Files.createFile(
            operator(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(operator(), lines(operator), StandardOpenOption.WRITE);
      }
      Path fresh = folder.resolve("env.fresh");
      Files.writeString(fresh, lines(environment));
      Files.move(fresh, env());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
        .sorted()
        .collect(Collectors.joining());
  }

  boolean isReady() {
    return Files.exists(env());
  }

  /** Whether what is up, or was, asks everybody who they are. */
  boolean isSecure() {
    return Files.exists(operator());
  }

  void tell(String line) {
    append(progress(), line);
  }

  /** Forgets everything; nothing may run any more. */
  void clear() {
    for (Path file :
        List.of(env(), operator(), pids(), progress(), log(), routesLog(), calloutLog())) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The end of a log, to be shown when something failed. */
  String tail(Path file, int lines) {
    if (!Files.exists(file)) {
      return "";
    }
    try (Stream<String> all = Files.lines(file)) {
      List<String> read = all.toList();
      return String.join("\n", read.subList(Math.max(0, read.size() - lines), read.size()));
    } catch (IOException e) {
      return "";
    }
  }

  private Path env() {
    return folder.resolve("env");
  }

  private Path operator() {
    return folder.resolve("operator");
  }

  private Path pids() {
    return folder.resolve("pids");
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  private static void append(Path file, String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
