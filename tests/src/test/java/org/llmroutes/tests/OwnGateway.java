package org.llmroutes.tests;

import java.util.HashMap;
import java.util.Map;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.platform.Platform;

/** A gateway alone, of a test's own, in front of the servers and routes of others. */
final class OwnGateway implements AutoCloseable {
  /** Its settings, where it listens among them. */
  final Map<String, String> environment;

  private final Platform platform;

  /**
   * @param servers where the others are, as environment variables
   * @param settings its own, as environment variables
   */
  OwnGateway(Map<String, String> servers, Map<String, String> settings) throws Exception {
    environment = new HashMap<>(servers);
    environment.put("ROUTES_ENABLED", "gateway");
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    environment.putAll(settings);
    platform = new Platform(Settings.load(Project.root(), environment));
    platform.start();
  }

  /**
   * @param key API key or token of the client, null for none
   */
  GatewayClient client(String key) {
    return new GatewayClient(environment, key);
  }

  @Override
  public void close() {
    platform.close();
  }
}
