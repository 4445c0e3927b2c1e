package org.llmroutes.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.PushSubscribeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.llmroutes.config.Settings;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.platform.Platform;
import org.llmroutes.testing.Scratch;

/** The whole product on a real nats-server, with one engine for its pipeline {@code ingest}. */
public final class BridgeStand implements AutoCloseable {
  private final NatsServer server = new NatsServer(Scratch.folder("bridge"), 0);
  private final MsgpackCodec codec = new MsgpackCodec();
  private final Connection nats;
  private final Platform platform;

  /**
   * @param target the engine's entry in the catalogue, as YAML
   */
  public BridgeStand(String engineName, String target, PipelineEngine engine) throws Exception {
    this(engineName, target, engine, Map.of());
  }

  /**
   * @param settings further variables of the environment; {@code DEADLINE} is the pipeline's
   */
  public BridgeStand(
      String engineName, String target, PipelineEngine engine, Map<String, String> settings)
      throws Exception {
    server.start();
    nats = Nats.connect(server.url());
    NatsSetup.apply(nats, Project.root().resolve("config/nats"));
    Path catalogue = Scratch.folder("catalogue");
    Files.createDirectories(catalogue);
    Files.writeString(
        catalogue.resolve("pipelines.yaml"),
        """
        pipelines:
          ingest:
            description: For tests
            engines:
              %s: %s
            parameters: {type: object}
            allowed_users: ["*"]
            max_running: 1
            deadline: %s
        """
            .formatted(engineName, target, settings.getOrDefault("DEADLINE", "PT1H")));
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("NATS_URL", server.url());
    environment.put("PIPELINES_FILE", catalogue.resolve("pipelines.yaml").toString());
    environment.put("VALKEY_URL", "redis://127.0.0.1:" + Ports.free(0));
    environment.put("ROUTES_ENABLED", "pipeline");
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    platform = new Platform(Settings.load(Project.root(), environment), Map.of(engineName, engine));
    platform.start();
  }

  /** Sends a trigger; its request id. */
  public String trigger(Map<String, Object> parameters) throws Exception {
    String id = UUID.randomUUID().toString();
    Map<String, Object> trigger =
        Map.of("request_id", id, "pipeline", "ingest", "user_id", "ada", "parameters", parameters);
    nats.jetStream().publish("ai.pipeline.trigger", codec.encode(trigger));
    return id;
  }

  public void cancel(String requestId) {
    nats.publish("ai.cancel." + requestId, new byte[0]);
  }

  /** The last status, once it is this one; all before it are there without gaps. */
  public Map<String, Object> await(String requestId, String status) {
    Awaitility.await(status).until(() -> names(requestId).contains(status));
    List<Map<String, Object>> all = statuses(requestId);
    assertThat(all)
        .extracting(told -> ((Number) told.get("seq")).intValue())
        .isEqualTo(IntStream.range(0, all.size()).boxed().toList());
    return all.get(all.size() - 1);
  }

  /** Waits until a status says this. */
  public void awaitMessage(String requestId, String message) {
    Awaitility.await(message)
        .until(
            () ->
                statuses(requestId).stream()
                    .anyMatch(status -> String.valueOf(status.get("message")).contains(message)));
  }

  /** The names of its statuses, in order. */
  public List<String> names(String requestId) {
    return statuses(requestId).stream().map(status -> (String) status.get("status")).toList();
  }

  private List<Map<String, Object>> statuses(String requestId) {
    try {
      String subject = "ai.pipeline.status." + requestId;
      List<Map<String, Object>> told = new ArrayList<>();
      JetStreamSubscription all =
          nats.jetStream().subscribe(subject, PushSubscribeOptions.builder().ordered(true).build());
      long left = all.getConsumerInfo().getCalculatedPending();
      while (told.size() < left) {
        told.add(codec.decodeMap(all.nextMessage(Duration.ofSeconds(10)).getData()));
      }
      all.unsubscribe();
      return told;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    platform.close();
    nats.close();
    server.close();
  }
}
