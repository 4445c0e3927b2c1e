package org.llmroutes.jetstream;

import io.nats.client.Connection;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The component behind {@code nats-jetstream:}. */
@Component("nats-jetstream")
public class JetStreamComponent extends DefaultComponent {
  @Metadata(
      label = "advanced",
      autowired = true,
      description = "The connection that all endpoints share")
  private Connection connection;

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    String[] names = remaining.split("/");
    if (names.length > 2 || names[0].isEmpty()) {
      throw new IllegalArgumentException(
          "Expected nats-jetstream:STREAM/DURABLE or nats-jetstream:STREAM, got " + uri);
    }
    JetStreamEndpoint endpoint =
        new JetStreamEndpoint(uri, this, names[0], names.length == 2 ? names[1] : null);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  public Connection getConnection() {
    return connection;
  }

  public void setConnection(Connection connection) {
    this.connection = connection;
  }
}
