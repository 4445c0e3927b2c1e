package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that a client made up. */
class ForeignHeadersTest {
  @AutoClose private static final Stage STAGE = new Stage();

  private final List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private String queue;

  @BeforeEach
  void consume() throws Exception {
    queue = STAGE.queue(Duration.ofSeconds(60));
    STAGE.consume(queue, "", this::note);
  }

  private void note(Exchange exchange) {
    bodies.add(exchange.getMessage().getBody(byte[].class));
    seen.add(Map.copyOf(exchange.getMessage().getHeaders()));
  }

  private void publish(String headers, String body) throws Exception {
    RawClient.publish(STAGE.server.port(), queue + ".m", headers, body);
    await().untilAsserted(() -> assertThat(STAGE.stored(queue)).isZero());
  }

  @Test
  void onlyTheAllowedOnesArrive() throws Exception {
    publish(
        """
        NATS/1.0
        CamelHttpUri: http://evil.example/
        camelfoo: 1
        NatsSubject: ai.chat.user.someone-else.message
        natsdeliverycount: 99
        NatsLastDelivery: true
        NatsSettlement: none
        NatsPublishSubject: elsewhere
        NatsMessageId: theirs
        Dlq-Subject: theirs
        traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
        Content-Type: application/msgpack
        Nats-Msg-Id: from-client

        """
            .replace("\n", "\r\n"),
        "body");

    assertThat(seen).hasSize(1);
    assertThat(seen.get(0))
        .containsOnlyKeys(
            "traceparent",
            "Content-Type",
            "Nats-Msg-Id",
            "NatsSubject",
            "NatsStreamSequence",
            "NatsDeliveryCount",
            "NatsTimestamp",
            "NatsStream",
            "NatsLastDelivery")
        .containsEntry("NatsSubject", queue + ".m")
        .containsEntry("NatsDeliveryCount", 1L)
        .containsEntry("NatsLastDelivery", false);
  }

  @Test
  void aStatusLineDoesNotHideAMessage() throws Exception {
    for (String status : List.of("503", "100 Idle Heartbeat", "408 Request Timeout", "409 x")) {
      publish("NATS/1.0 " + status + "\r\n\r\n", "");
    }
    publish("NATS/1.0 503\r\ntraceparent: x\r\n\r\n", "body");

    assertThat(seen).hasSize(5);
    assertThat(bodies.get(0)).isEmpty();
    assertThat(bodies.get(4)).asString().isEqualTo("body");
  }

  /** Such headers once made the client library deaf, and again with every delivery. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NATS/1.0\r\ntraceparent: \u00e4\r\n\r\n",
        "NATS/1.0\r\n\u00e4: a\r\n\r\n",
        "NATS/1.0\r\na b: c\r\n\r\n",
        "NATS/1.0\r\n: c\r\n\r\n",
        "NATS/1.0\r\nno colon\r\n\r\n",
        "NATS/1.0\r\na: b\rc\r\n\r\n",
        "NATS/1.0\r\na: b\nc\r\n\r\n",
        "NATS/1.0 soon\r\n\r\n",
        "NATS/1.0\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "x\r\n\r\n",
        "x"
      })
  void headersThatCannotBeReadAreDropped(String headers) throws Exception {
    publish(headers, "body\r\nMSG x 1 2\r\n");
    publish("NATS/1.0\r\ncontent-type: after\r\n\r\n", "after");

    assertThat(bodies).extracting(String::new).containsExactly("body\r\nMSG x 1 2\r\n", "after");
    assertThat(seen.get(0)).doesNotContainKey("traceparent").containsKey("NatsSubject");
    assertThat(seen.get(1)).containsEntry("content-type", "after");
  }
}
