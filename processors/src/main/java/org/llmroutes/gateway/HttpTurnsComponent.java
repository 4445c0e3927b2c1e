package org.llmroutes.gateway;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The component behind {@code http-turns:}. */
@Component("http-turns")
public class HttpTurnsComponent extends DefaultComponent {

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    int slash = remaining.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("Expected http-turns:METHOD/path, got " + uri);
    }
    HttpTurnsEndpoint endpoint =
        new HttpTurnsEndpoint(uri, this, remaining.substring(0, slash), remaining.substring(slash));
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
