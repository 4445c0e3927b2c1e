package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.llmroutes.config.Durations;
import org.llmroutes.config.Settings;
import org.llmroutes.gateway.Gateway;
import org.llmroutes.platform.Roles;
import org.llmroutes.validate.PropertiesFile.Entry;

/**
 * Checks the settings of {@code config/application.properties} and what the environment puts in
 * their place, by {@code settings.json} and, of Camel's own, by its metadata.
 */
final class SettingsCheck {
  static final String FILE = "config/application.properties";

  private static final JsonNode SCHEMA = Resource.json("settings.json");

  /** The first may not be above the second. */
  private static final List<List<String>> ORDERED =
      List.of(
          List.of("chat.workers-per-user", "chat.workers"),
          List.of("voice.workers-per-user", "voice.workers"),
          List.of("turn.timeout.default", "turn.timeout.maximum"));

  private final SchemaCheck schema = new SchemaCheck(SCHEMA);
  private final CamelOptions camel = new CamelOptions();
  private final Map<String, Entry> entries;
  private final Map<String, String> environment;
  private final Mistakes mistakes;

  /**
   * @param entries of the file
   */
  SettingsCheck(Map<String, Entry> entries, Map<String, String> environment, Mistakes mistakes) {
    this.entries = entries;
    this.environment = environment;
    this.mistakes = mistakes;
  }

  /** Whether a setting is one of ours. */
  static boolean knows(String key) {
    return SCHEMA.path("properties").has(key);
  }

  /** Values that cannot be; whoever starts with one is refused. */
  void checkValues() {
    entries.forEach(
        (key, entry) ->
            wrong(key, entry.value()).ifPresent(wrong -> inFile(key, wrong, entry.value())));
    for (String key : entries.keySet()) {
      override(key)
          .ifPresent(
              value -> wrong(key, value).ifPresent(wrong -> inEnvironment(key, wrong, value)));
    }
    ORDERED.forEach(pair -> checkOrder(pair.get(0), pair.get(1)));
  }

  /**
   * Keys that nobody reads; where there is none, those that are missing.
   *
   * @param used in placeholders
   */
  void checkKeys(Set<String> used) {
    boolean whole = true;
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      String key = entry.getKey();
      if (!knows(key) && !used.contains(key) && !camel.has(key)) {
        mistakes.add(FILE, entry.getValue().line(), key + " is read by nobody" + nearest(key));
        whole = false;
      }
    }
    if (whole && mistakes.list().stream().noneMatch(mistake -> mistake.file().equals(FILE))) {
      TreeSet<String> missing = new TreeSet<>();
      SCHEMA.path("properties").fieldNames().forEachRemaining(missing::add);
      missing.removeAll(entries.keySet());
      missing.forEach(key -> mistakes.add(FILE, 1, key + " is missing"));
    }
  }

  /** Settings of who asks that are good one by one and do not go together. */
  void checkIdentity(Path home) {
    Entry methods = entries.get("auth.methods");
    if (methods == null || !mistakes.list().isEmpty()) {
      return;
    }
    Settings settings = Settings.load(home, environment);
    try {
      if (Roles.of(settings).has("gateway")) {
        Gateway.check(settings);
      }
    } catch (IllegalArgumentException e) {
      if (entries.keySet().stream()
          .anyMatch(key -> isOfIdentity(key) && override(key).isPresent())) {
        mistakes.inEnvironment(e.getMessage());
      } else {
        mistakes.add(FILE, methods.line(), e.getMessage());
      }
    }
  }

  private static boolean isOfIdentity(String key) {
    return key.startsWith("auth.") || "gateway.host".equals(key) || "gateway.url".equals(key);
  }

  private Optional<String> wrong(String key, String value) {
    if (key.startsWith("camel.")) {
      return camel.wrong(key, value);
    }
    JsonNode definition = SCHEMA.path("properties").path(key);
    JsonNode one = JsonNodeFactory.instance.objectNode().set(key, Typed.of(value, definition));
    return definition.isMissingNode() ? Optional.empty() : schema.mistakeIn(one);
  }

  private void checkOrder(String lower, String upper) {
    String low = value(lower);
    String high = value(upper);
    if (wrong(lower, low).isEmpty() && wrong(upper, high).isEmpty() && size(low) > size(high)) {
      String problem = "must not be above " + upper + ", which is " + high;
      if (override(lower).or(() -> override(upper)).isPresent()) {
        inEnvironment(lower, problem, low);
      } else {
        inFile(lower, problem, low);
      }
    }
  }

  private static long size(String value) {
    return value.matches("\\d+") ? Long.parseLong(value) : Durations.parse(value).toMillis();
  }

  private String value(String key) {
    return override(key).orElseGet(() -> entries.containsKey(key) ? entries.get(key).value() : "");
  }

  private Optional<String> override(String key) {
    return Optional.ofNullable(environment.get(Settings.environmentName(key))).map(String::strip);
  }

  private void inFile(String key, String problem, String value) {
    mistakes.add(FILE, entries.get(key).line(), told(key, problem, value));
  }

  private void inEnvironment(String key, String problem, String value) {
    mistakes.inEnvironment(told(Settings.environmentName(key), problem, value));
  }

  private static String told(String name, String problem, String value) {
    return name + " " + problem + ", is " + (value.isEmpty() ? "empty" : value);
  }

  private static String nearest(String key) {
    String group = key.replaceFirst("\\..*", ".");
    TreeSet<String> known = new TreeSet<>();
    SCHEMA.path("properties").fieldNames().forEachRemaining(known::add);
    known.removeIf(name -> !name.startsWith(group));
    return known.isEmpty() ? "" : "; known are " + known;
  }
}
