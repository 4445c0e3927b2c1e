package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.api.MessageInfo;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending returns once the stream has the message, and only if it is the right stream. */
class JetStreamProducerTest {
  private static final String SUBJECT = JetStreamConstants.PUBLISH_SUBJECT;
  private static final String ID = JetStreamConstants.MESSAGE_ID;
  private static Stage stage;
  private static ProducerTemplate template;

  private String stream;

  @BeforeAll
  static void start() {
    stage = new Stage();
    CamelContext camel = stage.context();
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterAll
  static void stop() throws Exception {
    stage.close();
  }

  @BeforeEach
  void makeStream() throws Exception {
    stream = Stage.fresh();
    stage.stream(stream);
  }

  private void send(Map<String, Object> headers) {
    template.sendBodyAndHeaders("nats-jetstream:" + stream, "body".getBytes(), headers);
  }

  @Test
  void whatIsSentIsStored() throws Exception {
    send(Map.of(SUBJECT, stream + ".a", ID, "one"));
    assertThat(stage.stored(stream)).isOne();
    MessageInfo stored = stage.nats.jetStreamManagement().getMessage(stream, 1);
    assertThat(stored.getSubject()).isEqualTo(stream + ".a");
    assertThat(stored.getData()).asString().isEqualTo("body");
    assertThat(stored.getHeaders().getFirst("Nats-Msg-Id")).isEqualTo("one");
    template.sendBody("nats-jetstream:" + stream + "?subject=" + stream + ".b", "body");
    assertThat(stage.stored(stream)).isEqualTo(2);
  }

  @Test
  void theSameIdIsStoredOnce() throws Exception {
    send(Map.of(SUBJECT, stream + ".a", ID, "one"));
    send(Map.of(SUBJECT, stream + ".a", ID, "one"));
    send(Map.of(SUBJECT, stream + ".a", ID, "two"));
    assertThat(stage.stored(stream)).isEqualTo(2);
  }

  @Test
  void headersOfARequestGoOutOnlyWhereTheyShall() throws Exception {
    send(
        Map.of(
            SUBJECT,
            stream + ".a",
            "Nats-Msg-Id",
            "of-the-request",
            "traceparent",
            "00-1",
            "authorization",
            "secret",
            "Dlq-Reason",
            "because"));
    MessageInfo stored = stage.nats.jetStreamManagement().getMessage(stream, 1);
    assertThat(stored.getHeaders().keySet())
        .containsExactlyInAnyOrder("traceparent", "Dlq-Reason", "Nats-Expected-Stream");
  }

  @Test
  void aStreamThatDoesNotHoldTheSubjectIsAnError() throws Exception {
    String other = Stage.fresh();
    stage.stream(other);
    assertThatThrownBy(() -> send(Map.of(SUBJECT, other + ".a")))
        .rootCause()
        .hasMessageContaining("expected stream does not match");
    assertThat(stage.stored(other)).isZero();
    assertThatThrownBy(() -> send(Map.of(SUBJECT, "held.by.none"))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.*", "a.>", "a b", "a\r\nPUB b 0", "", ".a", "a..b", "a.", "a\tb"})
  void aSubjectToPublishOnIsOneSubject(String subject) {
    assertThatThrownBy(() -> send(Map.of(SUBJECT, subject)))
        .rootCause()
        .hasMessage("Not a subject to publish on: " + subject);
  }

  @Test
  void noSubjectIsAnError() {
    assertThatThrownBy(() -> send(Map.of()))
        .rootCause()
        .hasMessage("Not a subject to publish on: null");
  }

  /** A header that came in with a request must not keep its answer from going out. */
  @ParameterizedTest
  @ValueSource(strings = {"\u00e4", "a\u0001b", "a\r\nb", ""})
  void aHeaderThatNatsCannotCarryIsLeftOut(String value) throws Exception {
    send(Map.of(SUBJECT, stream + ".a", "traceparent", value));
    assertThat(stage.stored(stream)).isOne();
  }
}
