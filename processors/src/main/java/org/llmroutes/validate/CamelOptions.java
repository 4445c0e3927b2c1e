package org.llmroutes.validate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of Camel's main, as its own metadata has them; dashes and case do not count. */
final class CamelOptions {
  private final Map<String, String> types = new HashMap<>();
  private final Set<String> groups = new HashSet<>();

  CamelOptions() {
    JsonNode metadata = Resource.json("/META-INF/camel-main-configuration-metadata.json");
    for (JsonNode option : metadata.path("properties")) {
      types.put(plain(option.path("name").asText()), option.path("type").asText());
      groups.add(group(option.path("name").asText()));
    }
  }

  /**
   * Whether Camel reads the key; of components and the like, which have options of their own, any.
   */
  boolean has(String key) {
    return key.startsWith("camel.")
        && (types.containsKey(plain(key)) || !groups.contains(group(key)));
  }

  Optional<String> wrong(String key, String value) {
    String type = types.getOrDefault(plain(key), "");
    if ("integer".equals(type) && !value.matches("-?\\d{1,9}")) {
      return Optional.of("must be integer");
    } else if ("boolean".equals(type) && !value.matches("true|false")) {
      return Optional.of("must be boolean");
    }
    return Optional.empty();
  }

  private static String group(String name) {
    int end = name.indexOf('.', "camel.".length());
    return name.substring(0, end < 0 ? name.length() : end).toLowerCase(Locale.ROOT);
  }

  private static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }
}
