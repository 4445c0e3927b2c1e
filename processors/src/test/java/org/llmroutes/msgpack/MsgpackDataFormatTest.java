package org.llmroutes.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The data format as a route names it. */
class MsgpackDataFormatTest {
  private final CamelContext camel = new DefaultCamelContext();
  private ProducerTemplate template;

  @BeforeEach
  void start() throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:marshal").marshal().custom("msgpack");
            from("direct:unmarshal").unmarshal().custom("msgpack");
          }
        });
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void fromBytesAndFromStreams() {
    Map<String, Object> value = Map.of("text", "ä", "list", List.of(1L, 2.5, true));
    byte[] bytes = template.requestBody("direct:marshal", value, byte[].class);

    assertThat(template.requestBody("direct:unmarshal", bytes)).isEqualTo(value);
    assertThat(template.requestBody("direct:unmarshal", new ByteArrayInputStream(bytes)))
        .isEqualTo(value);
  }

  @Test
  void aStreamWithoutEndIsTooLarge() {
    byte[] bytes = new byte[MsgpackLimits.DEFAULT.bytes() + 2];

    assertThatThrownBy(
            () -> template.requestBody("direct:unmarshal", new ByteArrayInputStream(bytes)))
        .rootCause()
        .hasMessageStartingWith("The message has");
  }
}
