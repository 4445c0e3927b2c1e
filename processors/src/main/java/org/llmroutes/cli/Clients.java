package org.llmroutes.cli;

import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.nats.NatsConnections;

/** What commands begin with: the settings of the project and a connection to NATS. */
final class Clients {
  private Clients() {}

  /** The project is where {@code LLM_ROUTES_HOME} says, or the working directory. */
  static Settings settings() {
    Map<String, String> environment = System.getenv();
    return Settings.load(Path.of(environment.getOrDefault("LLM_ROUTES_HOME", "")), environment);
  }

  static Connection connect(Settings settings) throws InterruptedException {
    String url = PlatformServices.load(settings).natsUrl();
    try {
      return NatsConnections.connect(url, settings.environment());
    } catch (IOException e) {
      throw new CommandFailure(
          "./dev up starts what is missing, or NATS_URL names it: NATS does not answer at " + url,
          e);
    }
  }
}
