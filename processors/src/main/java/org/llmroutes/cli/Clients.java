package org.llmroutes.cli;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.nats.NatsConnections;

/** What commands begin with: the settings of the project and an operator's connection to NATS. */
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
    } catch (AuthenticationException e) {
      throw new CommandFailure(
          "NATS at "
              + url
              + " does not let this command in, which is for operators: NATS_NKEY_FILE, NATS_CREDS_FILE, NATS_USER"
              + " or NATS_TOKEN names what the routes connect with",
          e);
    } catch (IOException e) {
      throw unreachable(url, e);
    }
  }

  static CommandFailure unreachable(String url, IOException cause) {
    return new CommandFailure(
        "./dev up starts what is missing, or NATS_URL names it: NATS does not answer at " + url,
        cause);
  }
}
