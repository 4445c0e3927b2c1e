package org.llmroutes.tests;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmroutes.config.Settings;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.platform.Platform;

/** A nats-server and instances of the product that run pipelines on a scripted engine. */
final class PipelineStand implements AutoCloseable {
  private static final AtomicInteger STARTED = new AtomicInteger();

  final Path data = Servers.DATA.resolve("pipelines" + STARTED.getAndIncrement());
  final NatsServer natsServer = new NatsServer(data.resolve("nats"), 0);
  final ScriptedEngine engine = new ScriptedEngine();
  final Map<String, String> environment = new HashMap<>();
  final Connection nats;
  private final List<Platform> instances = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();

  /**
   * @param catalogue what config/pipelines.yaml would say
   */
  PipelineStand(String catalogue) {
    natsServer.start();
    try {
      Path file = Files.writeString(data.resolve("pipelines.yaml"), catalogue);
      environment.put("NATS_URL", natsServer.url());
      environment.put("PIPELINES_FILE", file.toString());
      environment.put("PIPELINES_LEASE", "1s");
      nats = Nats.connect(natsServer.url());
      NatsSetup.apply(nats, Project.root().resolve("config/nats"));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How long a trigger stays with an instance that has gone. */
  void ackWait(Duration wait) throws IOException, JetStreamApiException {
    Redelivery.after(wait, nats, "AI_PIPELINE", "pipeline-bridge");
  }

  Cable cable() {
    Cable cable = new Cable(natsServer.port());
    cables.add(cable);
    return cable;
  }

  /** Starts an instance that finds the server at the other end of a cable. */
  Platform instance(Cable cable) {
    return instance(cable.url(), Map.of("argo", engine));
  }

  /** A further instance, with {@code argo} on the scripted engine. */
  Platform instance() {
    return instance(natsServer.url(), Map.of("argo", engine));
  }

  /**
   * @param natsUrl where the instance finds the server
   */
  Platform instance(String natsUrl, Map<String, PipelineEngine> engines) {
    Map<String, String> own = new HashMap<>(environment);
    own.put("NATS_URL", natsUrl);
    own.put("ROUTES_ENABLED", "pipeline");
    own.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    try {
      Platform platform = new Platform(Settings.load(Project.root(), own), engines);
      instances.add(platform);
      platform.start();
      return platform;
    } catch (Exception e) {
      throw new IllegalStateException("The product did not start", e);
    }
  }

  void awaitTriggersGone() {
    await()
        .until(
            () ->
                nats.jetStreamManagement()
                        .getStreamInfo("AI_PIPELINE")
                        .getStreamState()
                        .getMsgCount()
                    == 0);
  }

  @Override
  public void close() {
    engine.letGo();
    // an instance without NATS takes its time to close
    cables.stream().filter(Cable::isCut).forEach(Cable::mend);
    instances.parallelStream().forEach(Platform::close);
    cables.forEach(Cable::close);
    try {
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    natsServer.close();
  }
}
