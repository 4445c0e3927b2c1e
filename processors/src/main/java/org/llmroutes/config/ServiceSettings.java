package org.llmroutes.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where one AI service is and how it is spoken to.
 *
 * @param name the service as named in {@code config/ai-services-config.yaml}
 * @param url base address without a trailing slash
 * @param protocol one of the protocols of that role, for instance {@code openai}
 * @param model model name sent to the service, may be empty
 * @param apiKey bearer token
 * @param timeout for one call; where the resilience is patient, and for streams, from where the
 *     answer has begun to the next sign of life
 * @param maxInputTokens what the model takes of one text; 0 where that is not configured
 * @param resilience retry, bulkhead and circuit breaker
 */
public record ServiceSettings(
    String name,
    String url,
    String protocol,
    String model,
    ApiKey apiKey,
    Duration timeout,
    int maxInputTokens,
    Resilience resilience) {
  /** The protocol of a service that there is not. */
  static final String NONE = "none";

  /**
   * @param apiKey the key itself, empty for none
   */
  public ServiceSettings(
      String name,
      String url,
      String protocol,
      String model,
      String apiKey,
      Duration timeout,
      int maxInputTokens,
      Resilience resilience) {
    this(
        name,
        url,
        protocol,
        model,
        new ApiKey(apiKey, Optional.empty()),
        timeout,
        maxInputTokens,
        resilience);
  }

  /** Whether there is such a service; it is done without where its protocol is {@code none}. */
  public boolean isThere() {
    return !NONE.equals(protocol);
  }

  /** What clients are told where it is not there. */
  public String absence() {
    return "There is no %s here (%s is %s)".formatted(name, variable("PROTOCOL"), protocol);
  }

  /** The environment variable of an entry, for instance {@code URL}. */
  public String variable(String entry) {
    return prefix(name) + "_" + entry;
  }

  /** What the environment variables of a service begin with. */
  static String prefix(String service) {
    return "llm".equals(service) ? "VLLM" : service.toUpperCase(Locale.ROOT);
  }

  /** The same service with its paths counted from above {@code /v1}. */
  public ServiceSettings withoutVersion() {
    String root = url.replaceFirst("/v1$", "");
    return new ServiceSettings(
        name, root, protocol, model, apiKey, timeout, maxInputTokens, resilience);
  }

  public ServiceSettings withResilience(Resilience other) {
    return new ServiceSettings(name, url, protocol, model, apiKey, timeout, maxInputTokens, other);
  }

  @Override
  public String toString() {
    return name + " at " + url + " (" + protocol + ")";
  }
}
