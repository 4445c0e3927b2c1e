package org.llmroutes.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real nats-server with JetStream. */
public final class NatsServer extends LocalServer {

  public NatsServer(Path data, int wishedPort) {
    super("nats-server", data, wishedPort);
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
            .formatted(port(), data().resolve("jetstream")));
    return List.of(Project.installed("bin/nats-server").toString(), "-c", config.toString());
  }

  public String url() {
    return "nats://127.0.0.1:" + port();
  }
}
