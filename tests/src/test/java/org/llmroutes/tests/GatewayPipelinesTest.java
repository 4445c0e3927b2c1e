package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Pipelines over HTTP: the catalogue, runs and their statuses. */
class GatewayPipelinesTest {
  private static PipelineStand stand;
  private static OwnGateway gateway;
  private static GatewayClient ada;
  private static GatewayClient eve;

  @BeforeAll
  static void start() throws Exception {
    stand = new PipelineStand(PipelineTest.CATALOGUE);
    stand.instance();
    Path keys = KeysFile.write(stand.data.resolve("keys.yaml"), "ada: ada", "eve: eve");
    gateway =
        new OwnGateway(
            stand.environment, Map.of("AUTH_METHODS", "keys", "AUTH_KEYS_FILE", keys.toString()));
    ada = gateway.client("ada");
    eve = gateway.client("eve");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    stand.close();
  }

  @Test
  void showsEachUserThePipelinesThatItMayTrigger() throws Exception {
    assertThat(names(ada)).containsExactly("ingestion", "single", "hasty", "impatient");
    assertThat(names(eve)).containsExactly("ingestion", "hasty", "impatient");
    Map<?, ?> ingestion = (Map<?, ?>) list(ada.get("/api/pipelines"), "pipelines").get(0);
    assertThat(ingestion.get("engines")).isEqualTo(List.of("kubeflow", "argo"));
    assertThat(ingestion.get("parameters").toString()).contains("required=[source]");
  }

  @Test
  void streamsTheStatusesOfARun() throws Exception {
    String id = UUID.randomUUID().toString();

    List<Event> events =
        ada.events(
            ada.json("/api/pipelines/ingestion/runs", trigger(id)),
            event -> {
              if ("submitted".equals(event.data().get("status"))) {
                stand.engine.succeed(id);
              }
            });

    assertThat(events).extracting(Event::type).containsOnly("status");
    assertThat(events)
        .extracting(event -> event.data().get("status"))
        .containsExactly("accepted", "submitted", "succeeded");
    assertThat(events.get(0).data())
        .containsEntry("user_id", "ada")
        .containsEntry("request_id", id);
    assertThat(ada.get("/api/runs/" + id).body()).isEqualTo(events.get(2).data());
    assertThat(
            ada.events(
                ada.request("/api/runs/" + id + "/events").header("Last-Event-ID", "0.0"),
                event -> {}))
        .isEqualTo(events.subList(1, 3));
  }

  @Test
  void answersWithTheFirstStatusAndStopsARun() throws Exception {
    Answered begun =
        ada.post("/api/pipelines/ingestion/runs", Map.of("parameters", Map.of("source", "a")));
    String id = begun.requestId();

    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.body()).containsEntry("status", "accepted").containsEntry("request_id", id);
    assertThat(ada.delete("/api/runs/" + id).status()).isEqualTo(202);
    List<Event> events = ada.events(ada.request("/api/runs/" + id + "/events"), event -> {});
    assertThat(events.get(events.size() - 1).data()).containsEntry("status", "cancelled");
  }

  @Test
  void refusesWhatCannotRun() throws Exception {
    Map<String, Object> anything = Map.of("parameters", Map.of("source", "a"));
    assertThat(ada.post("/api/pipelines/nothing/runs", anything).status()).isEqualTo(404);
    assertThat(eve.post("/api/pipelines/single/runs", anything).status()).isEqualTo(404);
    assertThat(ada.post("/api/pipelines/ingestion/runs", Map.of()).status()).isEqualTo(422);
    assertThat(ada.post("/api/pipelines/ingestion/runs", Map.of("parameters", List.of())).status())
        .isEqualTo(400);
    Answered engine =
        ada.post(
            "/api/pipelines/ingestion/runs",
            Map.of("engine", "local", "parameters", Map.of("source", "a")));
    assertThat(engine.status()).isEqualTo(422);
    assertThat(engine.error()).containsEntry("code", "rejected");
  }

  @Test
  void knowsARunToItsUserAlone() throws Exception {
    String id = UUID.randomUUID().toString();
    ada.post("/api/pipelines/ingestion/runs", trigger(id));

    assertThat(eve.get("/api/runs/" + id).status()).isEqualTo(404);
    assertThat(eve.get("/api/runs/" + id + "/events").status()).isEqualTo(404);
    assertThat(eve.delete("/api/runs/" + id).status()).isEqualTo(404);
    assertThat(eve.post("/api/pipelines/ingestion/runs", trigger(id)).status()).isEqualTo(422);
    assertThat(ada.get("/api/runs/a%20b").status()).isEqualTo(404);
    stand.engine.tell(id, Phase.SUCCEEDED, "", "");
  }

  @Test
  void runsFollowsAndStopsOverTheWebSocket() throws Exception {
    String id = UUID.randomUUID().toString();
    Map<String, Object> run = new HashMap<>(trigger(id));
    run.put("type", "run");
    run.put("name", "ingestion");
    try (SocketClient first =
        SocketClient.connect(gateway.environment, "Authorization", "Bearer ada")) {
      first.send(run);
      assertThat(first.next().json()).containsEntry("type", "status").containsEntry("seq", 0);
    }

    try (SocketClient second =
            SocketClient.connect(gateway.environment, "Authorization", "Bearer ada");
        SocketClient other =
            SocketClient.connect(gateway.environment, "Authorization", "Bearer eve")) {
      second.send(Map.of("type", "resume-run", "request_id", id, "seq", 0));
      assertThat(second.next().json()).containsEntry("status", "submitted").containsEntry("seq", 1);
      other.send(Map.of("type", "cancel-run", "request_id", id));
      assertThat(other.next().error()).containsEntry("code", "not_found");
      other.send(Map.of("type", "resume-run", "request_id", id));
      assertThat(other.next().error()).containsEntry("code", "not_found");
      second.send(Map.of("type", "cancel-run", "request_id", id));
      assertThat(second.until("status"))
          .last()
          .satisfies(frame -> assertThat(frame.json()).containsEntry("status", "cancelled"));
      second.send(Map.of("type", "run", "name", "nothing", "parameters", Map.of()));
      assertThat(second.until("error"))
          .last()
          .satisfies(frame -> assertThat(frame.error()).containsEntry("code", "not_found"));
    }
  }

  private static Map<String, Object> trigger(String id) {
    return Map.of("request_id", id, "user_id", "eve", "parameters", Map.of("source", "a"));
  }

  private static List<Object> names(GatewayClient client) throws Exception {
    return list(client.get("/api/pipelines"), "pipelines").stream()
        .map(pipeline -> (Object) ((Map<?, ?>) pipeline).get("name"))
        .toList();
  }

  private static List<?> list(Answered answered, String field) {
    return (List<?>) answered.body().get(field);
  }
}
