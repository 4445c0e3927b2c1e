package org.llmroutes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.testing.Scratch;

/** What an operator has set stays; what differs is changed and named. */
class NatsSetupTest {
  private static final Path DEFINITIONS = Project.root().resolve("config/nats");

  private final NatsServer server = new NatsServer(Scratch.folder("nats"), 0);
  private final List<String> updates = new CopyOnWriteArrayList<>();
  private Connection nats;
  private JetStreamManagement management;

  @BeforeEach
  void start() throws Exception {
    server.start();
    nats = Nats.connect(server.url());
    management = nats.jetStreamManagement();
    NatsSetup.apply(nats, DEFINITIONS);
    Dispatcher dispatcher = nats.createDispatcher(call -> updates.add(call.getSubject()));
    dispatcher.subscribe("$JS.API.STREAM.UPDATE.*").subscribe("$JS.API.CONSUMER.CREATE.>");
    dispatcher.subscribe("$JS.API.CONSUMER.DURABLE.CREATE.>");
    nats.flush(Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() throws Exception {
    nats.close();
    server.close();
  }

  @Test
  void asksForNothingWhereNothingDiffers() throws Exception {
    assertThat(NatsSetup.apply(nats, DEFINITIONS)).isEmpty();

    nats.flush(Duration.ofSeconds(5));
    assertThat(updates).isEmpty();
  }

  @Test
  void keepsWhatAnOperatorHasSet() throws Exception {
    StreamConfiguration raised =
        StreamConfiguration.builder(stream("AI_RESPONSES"))
            .description("ours")
            .maxBytes(6L << 30)
            .maxAge(Duration.ofDays(7))
            .build();
    management.updateStream(raised);
    ConsumerConfiguration consumer = consumer();
    management.addOrUpdateConsumer(
        "AI_CHAT",
        ConsumerConfiguration.builder(consumer)
            .maxAckPending(50_000)
            .ackWait(Duration.ofMinutes(1))
            .build());

    assertThat(NatsSetup.apply(nats, DEFINITIONS)).isEmpty();

    assertThat(stream("AI_RESPONSES").getMaxBytes()).isEqualTo(6L << 30);
    assertThat(stream("AI_RESPONSES").getMaxAge()).isEqualTo(Duration.ofDays(7));
    assertThat(consumer().getMaxAckPending()).isEqualTo(50_000);
    assertThat(consumer().getAckWait()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void saysWhichFieldItChangesFromWhatToWhat() throws Exception {
    management.updateStream(
        StreamConfiguration.builder(stream("AI_STREAMS"))
            .description("ours")
            .maxAge(Duration.ofMinutes(2))
            .subjects("ai.chat.response.stream.*")
            .build());

    assertThat(NatsSetup.apply(nats, DEFINITIONS))
        .containsExactly(
            "changed stream AI_STREAMS: subjects from [\"ai.chat.response.stream.*\"] to"
                + " [\"ai.chat.response.stream.*\",\"ai.voice.response.stream.*\"]",
            "changed stream AI_STREAMS: max_age from PT2M to PT10M");

    assertThat(stream("AI_STREAMS").getMaxAge()).isEqualTo(Duration.ofMinutes(10));
    assertThat(stream("AI_STREAMS").getDescription()).isEqualTo("ours");
    assertThat(NatsSetup.apply(nats, DEFINITIONS)).isEmpty();
  }

  @Test
  void makesNewStreamsWithTheReplicasThatAreWanted() throws Exception {
    management.deleteStream("AI_DLQ");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NatsSetup.apply(nats, DEFINITIONS, 3))
        .withMessageContaining("ai-dlq.yaml")
        .withMessageContaining("replicas");
  }

  @Test
  void replicasAreNoDifference() {
    Differences none =
        Differences.of(
            "{\"max_bytes\": 5, \"num_replicas\": 3}",
            "{\"max_bytes\": 5, \"num_replicas\": 1}",
            Set.of("max_bytes"));

    assertThat(none.changes()).isEmpty();
  }

  private StreamConfiguration stream(String name) throws Exception {
    return management.getStreamInfo(name).getConfiguration();
  }

  private ConsumerConfiguration consumer() throws Exception {
    return management.getConsumerInfo("AI_CHAT", "chat-handler").getConsumerConfiguration();
  }
}
