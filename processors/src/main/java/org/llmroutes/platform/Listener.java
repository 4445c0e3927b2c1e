package org.llmroutes.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process that listens on a TCP port, as Linux tells in {@code /proc}; on other systems, and of
 * processes of other users, nothing is known.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">/proc/net/tcp</a>
 */
record Listener(long pid, String command) {
  private static final String LISTENING = "0A";

  static Optional<Listener> on(int port) {
    Set<String> sockets =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .flatMap(table -> sockets(Path.of(table), port))
            .collect(Collectors.toSet());
    return sockets.isEmpty()
        ? Optional.empty()
        : ProcessHandle.allProcesses()
            .filter(process -> holds(process.pid(), sockets))
            .map(p -> new Listener(p.pid(), p.info().command().orElse("a process")))
            .findFirst();
  }

  private static Stream<String> sockets(Path table, int port) {
    try {
      String ending = String.format(":%04X", port);
      return Files.readAllLines(table).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(row -> row.length > 9 && row[1].endsWith(ending) && LISTENING.equals(row[3]))
          .map(row -> "socket:[" + row[9] + "]");
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean holds(long pid, Set<String> sockets) {
    Path folder = Path.of("/proc", Long.toString(pid), "fd");
    try (Stream<Path> open = Files.list(folder)) {
      List<Path> files = open.toList();
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  @Override
  public String toString() {
    return command + " (pid " + pid + ")";
  }
}
