package org.llmroutes.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The services of {@code config/ai-services-config.yaml}, each entry overridden by its environment
 * variable. A mistake is an {@link IllegalArgumentException} that names file and key.
 */
public final class PlatformServices {
  static final String FILE = "config/ai-services-config.yaml";
  private static final Map<String, List<String>> PROTOCOLS =
      Map.of(
          "llm", List.of("openai"),
          "embeddings", List.of("openai", "tei", "kserve-v2"),
          "reranker", List.of("cohere", "tei", ServiceSettings.NONE),
          "whisper", List.of("openai", "whisper-asr", ServiceSettings.NONE),
          "tts", List.of("openai", "xtts", "coqui", ServiceSettings.NONE));
  private static final Set<String> KEYS =
      Set.of(
          "url",
          "protocol",
          "model",
          "timeout_ms",
          "max_concurrent",
          "breaker_calls",
          "breaker_failure_percent",
          "breaker_open_ms");

  /** What an answer cannot do without is tried again as long as the time of the request lasts. */
  private static final Set<String> REQUIRED = Set.of("llm", "whisper");

  /** Those that are sent texts of any length. */
  private static final Set<String> ENCODERS = Set.of("embeddings", "reranker");

  private final JsonNode root;
  private final Map<String, String> environment;

  private PlatformServices(JsonNode root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  public static PlatformServices load(Settings settings) {
    return of(settings.yaml(FILE), settings.environment());
  }

  /**
   * @param file what the file says
   */
  public static PlatformServices of(JsonNode file, Map<String, String> environment) {
    return new PlatformServices(file, environment);
  }

  public ServiceSettings llm() {
    return service("llm");
  }

  public ServiceSettings embeddings() {
    return service("embeddings");
  }

  public ServiceSettings reranker() {
    return service("reranker");
  }

  public ServiceSettings whisper() {
    return service("whisper");
  }

  public ServiceSettings tts() {
    return service("tts");
  }

  public String natsUrl() {
    return address("nats", "url", "NATS_URL", Addresses.NATS);
  }

  public MilvusSettings milvus() {
    return new MilvusEntry(environment)
        .read(
            value("milvus", "host", "MILVUS_HOST"),
            number("milvus", "port", "MILVUS_PORT", 65_535),
            flag("milvus", "tls", "MILVUS_TLS"),
            value("milvus", "database", "MILVUS_DATABASE"));
  }

  public ValkeySettings valkey() {
    return new ValkeySettings(
        address("valkey", "url", "VALKEY_URL", Addresses.VALKEY),
        Duration.ofMillis(number("valkey", "timeout_ms", "VALKEY_TIMEOUT_MS")));
  }

  /** Everything that is wrong with them, each named by its variable or by file and key. */
  public List<String> mistakes() {
    List<Supplier<Object>> parts =
        List.of(
            this::llm,
            this::embeddings,
            this::reranker,
            this::whisper,
            this::tts,
            this::natsUrl,
            this::milvus,
            this::valkey);
    List<String> mistakes = new ArrayList<>();
    for (Supplier<Object> part : parts) {
      try {
        part.get();
      } catch (WrongValue e) {
        boolean overridden = !environment.getOrDefault(e.variable(), "").isBlank();
        mistakes.add(overridden ? e.variable() + " " + e.problem() : e.getMessage());
      } catch (IllegalArgumentException e) {
        mistakes.add(e.getMessage());
      }
    }
    return mistakes;
  }

  private ServiceSettings service(String name) {
    requireKnownKeys(name);
    String path = "services." + name;
    String prefix = ServiceSettings.prefix(name);
    String protocol = value(path, "protocol", prefix + "_PROTOCOL");
    if (!PROTOCOLS.get(name).contains(protocol)) {
      throw new WrongValue(
          path + ".protocol",
          prefix + "_PROTOCOL",
          "is " + protocol + "; known are " + PROTOCOLS.get(name));
    }
    return new ServiceSettings(
        name,
        address(path, "url", prefix + "_URL", Addresses.HTTP).replaceAll("/+$", ""),
        protocol,
        value(path, "model", prefix + "_MODEL"),
        ApiKey.of(environment, prefix),
        Duration.ofMillis(number(path, "timeout_ms", prefix + "_TIMEOUT_MS")),
        ENCODERS.contains(name) ? maxInputTokens(path, prefix) : 0,
        resilience(name, protocol, prefix));
  }

  private void requireKnownKeys(String name) {
    Set<String> known = new TreeSet<>(KEYS);
    if (!REQUIRED.contains(name)) {
      known.add("attempts");
    }
    if (ENCODERS.contains(name)) {
      known.add("max_input_tokens");
    }
    Set<String> unknown = new TreeSet<>();
    root.path("services").path(name).fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          FILE + ": services." + name + " has unknown keys " + unknown + "; known are " + known);
    }
  }

  /** 0 where it is left to be learnt. */
  private int maxInputTokens(String path, String prefix) {
    String variable = prefix + "_MAX_INPUT_TOKENS";
    return value(path, "max_input_tokens", variable).isEmpty()
        ? 0
        : number(path, "max_input_tokens", variable);
  }

  private Resilience resilience(String name, String protocol, String prefix) {
    if (ServiceSettings.NONE.equals(protocol)) {
      return Resilience.none();
    }
    String path = "services." + name;
    JsonNode concurrent = root.at("/services/" + name + "/max_concurrent");
    return new Resilience(
        REQUIRED.contains(name)
            ? Resilience.AS_LONG_AS_TIME_LASTS
            : number(path, "attempts", prefix + "_ATTEMPTS"),
        number(
            path,
            concurrent.isObject() ? "max_concurrent." + protocol : "max_concurrent",
            prefix + "_MAX_CONCURRENT"),
        number(path, "breaker_calls", prefix + "_BREAKER_CALLS"),
        number(path, "breaker_failure_percent", prefix + "_BREAKER_FAILURE_PERCENT", 100),
        Duration.ofMillis(number(path, "breaker_open_ms", prefix + "_BREAKER_OPEN_MS")));
  }

  private int number(String path, String key, String variable) {
    return number(path, key, variable, Integer.MAX_VALUE);
  }

  private int number(String path, String key, String variable, int most) {
    String value = value(path, key, variable);
    try {
      int number = Integer.parseInt(value);
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the message below says it
    }
    throw wrong(
        path,
        key,
        variable,
        "must be a number above 0"
            + (most == Integer.MAX_VALUE ? "" : " and at most " + most)
            + ", is "
            + value);
  }

  private String address(String path, String key, String variable, Addresses form) {
    String value = value(path, key, variable);
    form.mistakeIn(value)
        .ifPresent(
            mistake -> {
              throw wrong(path, key, variable, mistake);
            });
    return value;
  }

  private static WrongValue wrong(String path, String key, String variable, String problem) {
    return new WrongValue(path + "." + key + " (or " + variable + ")", variable, problem);
  }

  private boolean flag(String path, String key, String variable) {
    String value = value(path, key, variable);
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(path, key, variable, "must be true or false, is " + value);
    };
  }

  private String value(String path, String key, String variable) {
    String override = environment.get(variable);
    if (override != null && !override.isBlank()) {
      return override.strip();
    }
    JsonNode node = root.at("/" + (path + "." + key).replace('.', '/'));
    if (!node.isValueNode()) {
      throw new IllegalArgumentException(
          FILE + ": " + path + "." + key + " is missing; set it there or as " + variable);
    }
    return node.asText().strip();
  }
}
