package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.llmroutes.gateway.HttpTurnsConstants;

/**
 * Follows variables along the steps of routes, through {@code direct:} endpoints as well: one that
 * is sent, or asked for by an expression, must have been received, on some way to the step. A route
 * that error policies or Kamelets call can be given any.
 */
final class VariableCheck {
  private static final String DIRECT = "direct:";
  private static final String HTTP = "http-turns:";
  private static final Pattern ASKED_FOR = Pattern.compile("\\$\\{variable\\.(\\w+)");
  private static final Pattern IN_PATH = Pattern.compile("\\{(\\w+)}");

  /** Steps whose entries are ways of which one is gone. */
  private static final Set<String> BRANCHES = Set.of("choice", "doTry", "multicast");

  private record Route(SourceFile file, JsonPointer from) {
    String uri() {
      return file.at(from).path("uri").asText();
    }
  }

  private final List<Route> routes = new ArrayList<>();
  private final Map<String, Set<String>> setByKamelet = new HashMap<>();

  /** What is known where a direct endpoint is called; grows until nothing is added any more. */
  private final Map<String, Set<String>> atCall = new HashMap<>();

  private final Map<String, Set<String>> atEnd = new HashMap<>();
  private final Set<String> calledFromElsewhere = new HashSet<>();
  private boolean grown = true;
  private boolean reporting;

  VariableCheck(Collection<SourceFile> routeFiles, Collection<SourceFile> kamelets) {
    for (SourceFile file : routeFiles) {
      for (int i = 0; i < file.root().size(); i++) {
        JsonPointer entry = JsonPointer.empty().appendIndex(i);
        JsonPointer from = entry.appendProperty("route").appendProperty("from");
        if (file.at(from).isObject()) {
          routes.add(new Route(file, from));
        } else {
          noteCalls(file.at(entry));
        }
      }
    }
    for (SourceFile kamelet : kamelets) {
      noteCalls(kamelet.root());
      setByKamelet.put(
          "kamelet:" + kamelet.root().at("/metadata/name").asText(), variablesOf(kamelet));
    }
  }

  void check() {
    while (grown) {
      grown = false;
      routes.forEach(this::follow);
    }
    reporting = true;
    routes.forEach(this::follow);
  }

  private void noteCalls(JsonNode elsewhere) {
    Tree.walk(
        JsonPointer.empty(),
        elsewhere,
        (at, node) -> {
          if (node.path("uri").asText().startsWith(DIRECT)) {
            calledFromElsewhere.add(node.get("uri").asText());
          }
        });
  }

  /** Those of its template, and those that it says its processors set. */
  private static Set<String> variablesOf(SourceFile kamelet) {
    Set<String> names = new HashSet<>();
    Tree.walk(
        JsonPointer.empty(),
        kamelet.root(),
        (at, node) -> {
          if ("variableReceive".equals(Tree.name(at))) {
            names.add(node.asText());
          } else if ("setVariable".equals(Tree.name(at))) {
            names.add(node.path("name").asText());
          }
        });
    String set = kamelet.root().at("/metadata/annotations/llm-routes~1variables").asText();
    names.addAll(List.of(set.split("\\s*,\\s*")));
    names.remove("");
    return names;
  }

  private void follow(Route route) {
    if (calledFromElsewhere.contains(route.uri())) {
      return;
    }
    Set<String> known = new HashSet<>(atCall.getOrDefault(route.uri(), Set.of()));
    receive(route.file().at(route.from()), known);
    if (route.uri().startsWith(HTTP)) {
      known.addAll(Set.of(HttpTurnsConstants.IDENTITY, HttpTurnsConstants.REQUEST_ID));
      IN_PATH.matcher(route.uri()).results().forEach(name -> known.add(name.group(1)));
    }
    steps(route.file(), route.from().appendProperty("steps"), known);
    if (route.uri().startsWith(DIRECT)) {
      grown |= atEnd.computeIfAbsent(route.uri(), uri -> new HashSet<>()).addAll(known);
    }
  }

  private void steps(SourceFile file, JsonPointer at, Set<String> known) {
    for (int i = 0; i < file.at(at).size(); i++) {
      JsonPointer step = at.appendIndex(i);
      file.at(step)
          .fieldNames()
          .forEachRemaining(name -> step(file, step.appendProperty(name), known));
    }
  }

  private void step(SourceFile file, JsonPointer at, Set<String> known) {
    JsonNode step = file.at(at);
    send(file, at, step, known);
    ask(file, at, known);
    String name = Tree.name(at);
    if (BRANCHES.contains(name)) {
      branches(file, at, known);
    } else {
      steps(file, at.appendProperty("steps"), known);
    }
    if ("setVariable".equals(name)) {
      known.add(step.path("name").asText());
    } else if ("removeVariable".equals(name)) {
      known.remove(step.path("name").asText());
    }
    String uri = step.path("uri").asText();
    if (uri.startsWith(DIRECT)) {
      grown |= atCall.computeIfAbsent(uri, key -> new HashSet<>()).addAll(known);
      known.addAll(atEnd.getOrDefault(uri, Set.of()));
    }
    known.addAll(setByKamelet.getOrDefault(uri, Set.of()));
    receive(step, known);
  }

  private void branches(SourceFile file, JsonPointer at, Set<String> known) {
    Set<String> before = Set.copyOf(known);
    List<JsonPointer> ways = new ArrayList<>();
    file.at(at)
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonPointer entry = at.appendProperty(name);
              if ("steps".equals(name)) {
                ways.add(at);
              } else if (file.at(entry).isArray()) {
                for (int i = 0; i < file.at(entry).size(); i++) {
                  ways.add(entry.appendIndex(i));
                }
              } else {
                ways.add(entry);
              }
            });
    for (JsonPointer way : ways) {
      ask(file, way, before);
      Set<String> onWay = new HashSet<>(before);
      steps(file, way.appendProperty("steps"), onWay);
      known.addAll(onWay);
    }
  }

  private void send(SourceFile file, JsonPointer at, JsonNode step, Set<String> known) {
    String name = step.path("variableSend").asText();
    boolean own = !name.isEmpty() && !name.contains(":") && !name.contains("{{");
    if (reporting && own && !known.contains(name)) {
      file.mistake(at.appendProperty("variableSend"), unknown(name, known));
    }
  }

  /** Of an expression; null is what Camel makes of a name that nobody knows. */
  private void ask(SourceFile file, JsonPointer at, Set<String> known) {
    JsonPointer simple = at.appendProperty("expression").appendProperty("simple");
    if (reporting) {
      ASKED_FOR
          .matcher(file.at(simple).asText())
          .results()
          .map(found -> found.group(1))
          .filter(name -> !known.contains(name))
          .forEach(name -> file.mistake(simple, unknown(name, known)));
    }
  }

  private static String unknown(String name, Set<String> known) {
    return "no step before this one receives the variable "
        + name
        + "; there are "
        + new TreeSet<>(known);
  }

  private static void receive(JsonNode step, Set<String> known) {
    if (step.path("variableReceive").isTextual()) {
      known.add(step.get("variableReceive").asText());
    }
  }
}
