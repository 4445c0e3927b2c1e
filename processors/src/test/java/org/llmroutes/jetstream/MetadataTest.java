package org.llmroutes.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tooling such as Kaoto reads about the component. */
class MetadataTest {
  private final JsonNode metadata = read();

  private static JsonNode read() {
    try (InputStream json =
        MetadataTest.class.getResourceAsStream(
            "/META-INF/org/llmroutes/jetstream/nats-jetstream.json")) {
      return new ObjectMapper().readTree(json);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void listsEveryOption() {
    List<String> options = new ArrayList<>();
    metadata.path("properties").fieldNames().forEachRemaining(options::add);
    assertThat(options)
        .containsExactlyInAnyOrderElementsOf(new JetStreamEndpointUriFactory().propertyNames())
        .contains(
            "stream",
            "durable",
            "workers",
            "workersPerSubject",
            "maxWaiting",
            "maxDeliver",
            "backoff",
            "subject",
            "ackTimeout");
  }

  @Test
  void describesEveryOptionAndHeader() {
    for (String section : List.of("componentProperties", "properties", "headers")) {
      assertThat(metadata.path(section)).as(section).isNotEmpty();
      for (Map.Entry<String, JsonNode> entry : metadata.path(section).properties()) {
        assertThat(entry.getValue().path("description").asText()).as(entry.getKey()).isNotBlank();
      }
    }
  }

  @Test
  void namesEveryHeaderOfTheConstants() throws Exception {
    List<String> headers = new ArrayList<>();
    metadata.path("headers").fieldNames().forEachRemaining(headers::add);
    List<String> constants = new ArrayList<>();
    for (var field : JetStreamConstants.class.getFields()) {
      constants.add((String) field.get(null));
    }
    constants.removeAll(List.of(JetStreamConstants.SETTLEMENT, JetStreamConstants.ON_DONE));
    assertThat(headers).containsExactlyInAnyOrderElementsOf(constants);
  }
}
