package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmroutes.tests.PipelineClient.trigger;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trigger that cannot run is refused at once, helpfully, and kept. */
class PipelineRefusalTest {
  private static PipelineStand stand;
  private PipelineClient client;
  private DeadLetters letters;

  @BeforeAll
  static void start() {
    stand = new PipelineStand(PipelineTest.CATALOGUE);
    stand.instance();
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @BeforeEach
  void listen() {
    client = new PipelineClient(stand.nats);
    letters = new DeadLetters(stand.nats, "pipeline");
  }

  @AfterEach
  void close() {
    letters.close();
    client.close();
  }

  record Broken(String field, Object value, String code, String... hints) {
    @Override
    public String toString() {
      String text = field + " = " + value;
      return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
  }

  static Stream<Broken> broken() {
    return Stream.of(
        new Broken("pipeline", "unheard-of", "rejected", "unheard-of", "ingestion", "single"),
        new Broken("engine", "airflow", "rejected", "airflow", "kubeflow", "argo"),
        new Broken("engine", "kubeflow", "rejected", "kubeflow is not configured here", "argo"),
        new Broken("parameters", Map.of(), "rejected", "source"),
        new Broken("parameters", Map.of("source", 1), "rejected", "source", "string"),
        new Broken("parameters", source("shards", "3"), "rejected", "shards", "integer"),
        new Broken("parameters", source("sauce", "x"), "rejected", "sauce"),
        new Broken("parameters", Map.of("source", "a{{=1+1}}"), "rejected", "source", "{{"),
        new Broken("parameters", source("options", Map.of("{{x", 1)), "rejected", "options"),
        new Broken(
            "parameters",
            source("options", Map.of("a", List.of(Map.of("b", "{{x}}")))),
            "rejected",
            "options"),
        new Broken("pipeline", null, "invalid_message", "pipeline"),
        new Broken("pipeline", 7, "invalid_message", "pipeline"),
        new Broken("parameters", List.of("source"), "invalid_message", "parameters"),
        new Broken("engine", 1, "invalid_message", "engine"),
        new Broken("user_id", "with.dots", "invalid_message", "user_id"),
        new Broken("timestamp", "yesterday", "invalid_message", "timestamp"),
        new Broken("ignored", new byte[300 * 1024], "too_large", "262144"));
  }

  private static Map<String, Object> source(String name, Object value) {
    return Map.of("source", "docs", name, value);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void saysWhatIsWrong(Broken broken) {
    Map<String, Object> trigger = trigger("ingestion");
    trigger.put(broken.field(), broken.value());
    byte[] payload = Client.pack(trigger);
    String id = client.send(trigger);

    List<Map<String, Object>> told = client.statuses(id);

    assertThat(told).hasSize(1);
    assertThat(told.get(0)).containsEntry("status", "rejected");
    Map<?, ?> error = (Map<?, ?>) told.get(0).get("error");
    assertThat(error.get("code")).isEqualTo(broken.code());
    assertThat((String) error.get("message")).contains(broken.hints()).hasSizeLessThan(500);
    Message letter = letters.next();
    assertThat(letter.getData()).isEqualTo(payload);
    assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo(broken.code());
    assertThat(letter.getHeaders().getFirst("Dlq-Subject")).isEqualTo("ai.pipeline.trigger");
    assertThat(client.heard(id)).isEqualTo(told);
    assertThat(stand.engine.run(id)).isNull();
  }

  @Test
  void aUserWhoMayNotIsTold() {
    Map<String, Object> trigger = trigger("single");
    trigger.put("user_id", "mallory");
    assertThat(client.end(client.send(trigger)))
        .containsEntry("status", "rejected")
        .containsEntry("user_id", "mallory")
        .containsEntry("message", "The user mallory may not trigger the pipeline single");

    trigger = trigger("single");
    trigger.remove("user_id");
    assertThat(client.end(client.send(trigger)))
        .containsEntry("status", "rejected")
        .containsEntry("user_id", "anonymous");
  }

  @Test
  void aUserCannotAskInTheNameOfAnother() throws Exception {
    Map<String, Object> trigger = trigger("single");
    String id = (String) trigger.get("request_id");
    List<Message> copies = new CopyOnWriteArrayList<>();
    Dispatcher listening = stand.nats.createDispatcher(copies::add).subscribe("ai.user.mallory.>");

    stand.nats.jetStream().publish("ai.pipeline.user.mallory.trigger", Client.pack(trigger));

    assertThat(client.end(id))
        .containsEntry("user_id", "mallory")
        .containsEntry("status", "rejected");
    assertThat(letters.next().getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("rejected");
    await().until(() -> !copies.isEmpty());
    stand.nats.closeDispatcher(listening);
    assertThat(copies)
        .extracting(Message::getSubject)
        .containsExactly("ai.user.mallory.pipeline.status." + id);
    trigger.remove("user_id");
    trigger.put("request_id", id + "-again");
    stand.nats.jetStream().publish("ai.pipeline.user.mallory.trigger", Client.pack(trigger));
    assertThat(client.end(id + "-again"))
        .containsEntry("message", "The user mallory may not trigger the pipeline single");
  }

  static Stream<byte[]> unattributable() {
    return Stream.of(
        new byte[0],
        new byte[] {(byte) 0xc1},
        Client.pack(List.of("a list")),
        Client.pack(Map.of("pipeline", "ingestion")),
        Client.pack(Map.of("request_id", "with.dots", "pipeline", "ingestion")));
  }

  @ParameterizedTest
  @MethodSource("unattributable")
  void keepsWhatSaysNotWhoseItIs(byte[] payload) {
    client.send(payload);

    Message letter = letters.next();
    assertThat(letter.getData()).isEqualTo(payload);
    assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("invalid_message");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        stand
                            .nats
                            .jetStreamManagement()
                            .getStreamInfo("AI_PIPELINE")
                            .getStreamState()
                            .getMsgCount())
                    .isZero());
  }

  @Test
  void whatCannotBeDecodedAsAWholeIsStillAnswered() {
    Map<String, Object> trigger = trigger("ingestion");
    Object deep = 1;
    for (int i = 0; i < 40; i++) {
      deep = List.of(deep);
    }
    trigger.put("ignored", deep);

    assertThat(client.end(client.send(trigger)))
        .extracting("error")
        .asString()
        .contains("invalid_message")
        .contains("deeper");
  }

  @Test
  void parametersThatAreNestedAsDeepAsAMessageMayBeAreKept() {
    Map<String, Object> trigger = trigger("ingestion");
    Object deep = 1;
    for (int i = 0; i < 12; i++) {
      deep = List.of(deep);
    }
    trigger.put("parameters", Map.of("source", "docs", "options", Map.of("deep", deep)));
    String id = client.send(trigger);

    client.awaitStatus(id, "submitted");
    assertThat(stand.engine.run(id).parameters().get("options")).isEqualTo(longs(deep));
  }

  private static Map<String, Object> longs(Object deep) {
    Object value = deep;
    int depth = 0;
    while (value instanceof List<?> list) {
      value = list.get(0);
      depth++;
    }
    Object converted = ((Number) value).longValue();
    for (int i = 0; i < depth; i++) {
      converted = List.of(converted);
    }
    return Map.of("deep", converted);
  }

  @Test
  void aRefusalIsRepeatedToWhoAsksAgain() {
    Map<String, Object> trigger = trigger("unheard-of");
    String id = client.send(trigger);
    List<Map<String, Object>> told = client.statuses(id);
    trigger.put("pipeline", "ingestion");
    client.send(trigger);
    await().until(() -> client.heard(id).size() == 2);

    assertThat(client.stored(id)).isEqualTo(told);
    assertThat(client.heard(id).get(1)).isEqualTo(told.get(0));
    assertThat(stand.engine.run(id)).isNull();
  }
}
