package org.llmroutes.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The real nats-server with JetStream, open or guarded. */
public final class NatsServer extends LocalServer {
  private final Map<String, String> guard;
  private final String further;

  /** An open one: whoever connects may do everything. */
  public NatsServer(Path data, int wishedPort) {
    this(data, wishedPort, Map.of());
  }

  /**
   * One with the accounts and permissions of {@code config/nats-server/guarded.conf}.
   *
   * @param guard public keys by the names of that file's variables; none for an open one
   */
  public NatsServer(Path data, int wishedPort, Map<String, String> guard) {
    this(data, wishedPort, guard, "");
  }

  /**
   * An open one of a cluster.
   *
   * @param cluster the part of its configuration that says so
   */
  public NatsServer(Path data, String cluster) {
    this(data, 0, Map.of(), cluster);
  }

  private NatsServer(Path data, int wishedPort, Map<String, String> guard, String further) {
    super("nats-server", data, wishedPort);
    this.guard = Map.copyOf(guard);
    this.further = further;
  }

  @Override
  protected List<String> command() throws IOException {
    Path config = data().resolve("nats.conf");
    Files.writeString(
        config,
        """
        listen: 127.0.0.1:%d
        max_payload: 8MB
        jetstream {
          store_dir: "%s"
          max_file_store: 20GB
        }
        """
                .formatted(port(), data().resolve("jetstream"))
            + further
            + guarded());
    return List.of(Project.installed("bin/nats-server").toString(), "-c", config.toString());
  }

  private String guarded() throws IOException {
    if (guard.isEmpty()) {
      return "";
    }
    String keys =
        guard.entrySet().stream()
            .map(key -> key.getKey() + ": " + key.getValue() + "\n")
            .collect(Collectors.joining());
    return keys + Files.readString(Project.root().resolve("config/nats-server/guarded.conf"));
  }

  public String url() {
    return "nats://127.0.0.1:" + port();
  }
}
