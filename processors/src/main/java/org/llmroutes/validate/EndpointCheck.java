package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks that an endpoint exists and takes the parameters it is given. */
final class EndpointCheck {
  private static final String KAMELET = "kamelet:";
  private static final String JETSTREAM = "nats-jetstream:";

  private final ClassPath classPath;
  private final Known known;
  private final Map<String, SchemaCheck> kamelets = new HashMap<>();

  EndpointCheck(ClassPath classPath, Known known) {
    this.classPath = classPath;
    this.known = known;
  }

  /**
   * @param at a {@code from} or a step with {@code uri} and, where it has any, {@code parameters}
   */
  void check(SourceFile source, JsonPointer at, JsonNode endpoint) {
    String uri = endpoint.get("uri").asText();
    if (uri.contains("{{") || uri.contains("${") || uri.contains("?")) {
      return; // known when the route runs, or refused already
    }
    JsonPointer uriAt = at.appendProperty("uri");
    boolean from = "from".equals(Tree.name(at));
    JsonPointer options = at.appendProperty("parameters");
    if (uri.startsWith(KAMELET)) {
      if (!uri.equals("kamelet:source") && !uri.equals("kamelet:sink")) {
        checkKamelet(source, at, uri.substring(KAMELET.length()), endpoint.path("parameters"));
      }
      return;
    }
    if (uri.startsWith("direct:") && !from && known.allRoutes() && !known.directs().contains(uri)) {
      source.mistake(uriAt, "no route consumes " + uri);
    }
    if (uri.startsWith(JETSTREAM)) {
      checkStream(source, uriAt, uri.substring(JETSTREAM.length()).split("/", 2));
    }
    Map<String, Object> parameters = new TreeMap<>();
    endpoint
        .path("parameters")
        .properties()
        .forEach(
            option -> parameters.put(option.getKey(), known.resolved(option.getValue().asText())));
    classPath
        .mistakesIn(uri, parameters, from)
        .forEach(
            (name, messages) ->
                source.mistake(
                    name.isEmpty() ? uriAt : options.appendProperty(name),
                    String.join("; ", messages)));
  }

  /** Routes never create streams: a missing one keeps the service not ready. */
  private void checkStream(SourceFile source, JsonPointer at, String[] names) {
    Set<String> durables = known.streams().get(names[0]);
    if (durables == null) {
      source.mistake(
          at, "config/nats has no stream " + names[0] + "; there are " + known.streams().keySet());
    } else if (names.length == 2 && !durables.contains(names[1])) {
      source.mistake(
          at, "the stream " + names[0] + " has no consumer " + names[1] + "; it has " + durables);
    }
  }

  private void checkKamelet(SourceFile source, JsonPointer at, String given, JsonNode parameters) {
    String name = given.replaceFirst("/.*", "");
    if (!known.kamelets().containsKey(name)) {
      source.mistake(
          at.appendProperty("uri"),
          "no Kamelet " + name + "; there are " + new TreeSet<>(known.kamelets().keySet()));
      return;
    }
    if (known.kamelets().get(name).isMissingNode()) {
      return;
    }
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    JsonNode declared = known.kamelets().get(name).path("properties");
    parameters
        .properties()
        .forEach(
            entry ->
                own.set(entry.getKey(), given(entry.getValue(), declared.path(entry.getKey()))));
    own.remove(classPath.options("kamelet"));
    own.properties()
        .forEach(
            entry ->
                FileParameters.mistakeIn(
                        known.home(), entry.getValue().asText(), declared.path(entry.getKey()))
                    .ifPresent(
                        problem ->
                            source.mistake(
                                at.appendProperty("parameters").appendProperty(entry.getKey()),
                                problem)));
    kamelets
        .computeIfAbsent(name, key -> new SchemaCheck(closed(known.kamelets().get(key))))
        .check(source, at.appendProperty("parameters"), own);
  }

  private JsonNode given(JsonNode value, JsonNode declared) {
    String text = value.asText();
    String resolved = known.resolved(text);
    return resolved.equals(text) ? value : Typed.of(resolved, declared);
  }

  /** What a Kamelet declares is a JSON Schema already; a use of it names nothing else. */
  private static JsonNode closed(JsonNode definition) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.set("properties", definition.path("properties"));
    schema.set("required", definition.path("required"));
    schema.properties().removeIf(keyword -> keyword.getValue().isMissingNode());
    return schema.put("additionalProperties", false);
  }
}
