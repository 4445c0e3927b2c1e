package org.llmroutes.config;

import java.time.Duration;

/**
 * Where one AI service is and how it is spoken to.
 *
 * @param name the service as named in {@code config/ai-services-config.yaml}
 * @param url base address without a trailing slash
 * @param protocol one of the protocols of that role, for instance {@code openai}
 * @param model model name sent to the service, may be empty
 * @param apiKey bearer token, empty for none; never printed
 * @param timeout for one call; for streams, until the next sign of life
 * @param resilience retry, bulkhead and circuit breaker
 */
public record ServiceSettings(
    String name,
    String url,
    String protocol,
    String model,
    String apiKey,
    Duration timeout,
    Resilience resilience) {

  @Override
  public String toString() {
    return name + " at " + url + " (" + protocol + ")";
  }
}
