package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What {@code argo lint} finds in WorkflowTemplates, and what it does not ask for: parameters that
 * nothing uses, steps without limits, time-outs and retries, images that change.
 */
final class WorkflowTemplateCheck {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TAG = Pattern.compile("\\{\\{(=?)(.*?)}}");
  private static final Pattern PARAMETER =
      Pattern.compile("(workflow|inputs)\\.parameters\\.([A-Za-z0-9_-]+)");
  private static final Pattern TASK = Pattern.compile("([a-z0-9-]+)(?:\\.[A-Z][A-Za-z]+)?");
  private static final Pattern EXACT = Pattern.compile(".+(:v?\\d+\\.\\d+\\.\\d+|@sha256:\\w+)");

  private final Map<String, JsonNode> specs;
  private final List<String> mistakes = new ArrayList<>();
  private final Schema schema;

  /**
   * @param specs of the WorkflowTemplates that are installed together, by name
   */
  WorkflowTemplateCheck(Map<String, JsonNode> specs) {
    this.specs = specs;
    try (InputStream text = getClass().getResourceAsStream("/argo-workflow-spec.schema.json")) {
      this.schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(JSON.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each begins with the name of its WorkflowTemplate. */
  List<String> mistakes() {
    specs.forEach(this::check);
    return mistakes;
  }

  private void check(String name, JsonNode spec) {
    schema.validate(spec).forEach(e -> add(name, e.getInstanceLocation() + " " + e.getMessage()));
    for (String reference : List.of("entrypoint", "onExit")) {
      if (spec.has(reference) && template(name, spec.path(reference).asText()) == null) {
        add(name, reference + " names no template: " + spec.path(reference).asText());
      }
    }
    compare(
        name + " workflow.parameters",
        names(spec.at("/arguments/parameters")),
        parameters(spec, "workflow"));
    for (JsonNode template : spec.path("templates")) {
      String where = name + " " + template.path("name").asText();
      compare(
          where + " inputs.parameters",
          names(template.at("/inputs/parameters")),
          parameters(template, "inputs"));
      if (template.has("dag")) {
        checkTasks(name, where, template.at("/dag/tasks"));
      } else {
        checkStep(where, template, spec);
      }
    }
  }

  /** Every parameter is declared, and every one that is declared is used. */
  private void compare(String where, Set<String> declared, Set<String> used) {
    used.stream()
        .filter(parameter -> !declared.contains(parameter))
        .forEach(parameter -> add(where, parameter + " is used and not declared"));
    declared.stream()
        .filter(parameter -> !used.contains(parameter))
        .forEach(parameter -> add(where, parameter + " is declared and not used"));
  }

  private void checkTasks(String name, String where, JsonNode tasks) {
    Set<String> known = names(tasks);
    for (JsonNode task : tasks) {
      String at = where + " " + task.path("name").asText();
      Matcher dependency = TASK.matcher(task.path("depends").asText());
      while (dependency.find()) {
        if (!known.contains(dependency.group(1))) {
          add(at, "depends on no task: " + dependency.group(1));
        }
      }
      JsonNode reference = task.path("templateRef");
      String owner = reference.isMissingNode() ? name : reference.path("name").asText();
      String called = reference.path("template").asText(task.path("template").asText());
      JsonNode template = template(owner, called);
      if (template == null) {
        add(at, "there is no template " + called + " in " + owner);
        continue;
      }
      for (String kind : List.of("parameters", "artifacts")) {
        checkArguments(
            at + " " + kind,
            template.path("inputs").path(kind),
            names(task.path("arguments").path(kind)));
      }
      if (!reference.isMissingNode()) {
        checkMounts(at, template, specs.get(name));
      }
      tags(task)
          .filter(tag -> tag.startsWith("item"))
          .filter(tag -> !task.has("withSequence"))
          .forEach(tag -> add(at, "{{" + tag + "}} stands outside of a loop"));
    }
  }

  private void checkArguments(String where, JsonNode inputs, Set<String> given) {
    Set<String> declared = names(inputs);
    given.stream()
        .filter(argument -> !declared.contains(argument))
        .forEach(argument -> add(where, argument + " is no input of the template"));
    for (JsonNode input : inputs) {
      String argument = input.path("name").asText();
      boolean needed =
          !input.has("value") && !input.has("valueFrom") && !input.path("optional").asBoolean();
      if (needed && !given.contains(argument)) {
        add(where, argument + " is missing");
      }
    }
  }

  private void checkStep(String where, JsonNode template, JsonNode spec) {
    JsonNode container = template.path("container");
    if (!EXACT.matcher(container.path("image").asText()).matches()) {
      add(where, "the image has no exact version");
    }
    require(where, template, "/container/command");
    require(where, template, "/container/resources/requests");
    require(where, template, "/container/resources/limits");
    require(where, template, "/container/securityContext");
    require(where, template, "/activeDeadlineSeconds");
    require(where, template, "/retryStrategy/limit");
    if (spec.has("entrypoint")) {
      checkMounts(where, template, spec);
    }
  }

  private void require(String where, JsonNode template, String pointer) {
    if (template.at(pointer).isMissingNode()) {
      add(where, pointer + " is missing");
    }
  }

  /** Volumes are those of the workflow that runs, wherever the template is from. */
  private void checkMounts(String where, JsonNode template, JsonNode spec) {
    Set<String> volumes = names(spec.path("volumes"));
    names(template.at("/container/volumeMounts")).stream()
        .filter(volume -> !volumes.contains(volume))
        .forEach(volume -> add(where, "there is no volume " + volume));
  }

  private JsonNode template(String owner, String name) {
    return StreamSupport.stream(
            specs.getOrDefault(owner, JSON.nullNode()).path("templates").spliterator(), false)
        .filter(template -> name.equals(template.path("name").asText()))
        .findFirst()
        .orElse(null);
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    list.forEach(entry -> names.add(entry.path("name").asText()));
    return names;
  }

  /** Those that tags below the node use. */
  private static Set<String> parameters(JsonNode node, String scope) {
    Set<String> found = new TreeSet<>();
    tags(node)
        .flatMap(tag -> PARAMETER.matcher(tag).results())
        .filter(match -> match.group(1).equals(scope))
        .forEach(match -> found.add(match.group(2)));
    return found;
  }

  private static Stream<String> tags(JsonNode node) {
    return TAG.matcher(node.toString()).results().map(match -> match.group(2).strip());
  }

  private void add(String where, String what) {
    mistakes.add(where + ": " + what);
  }
}
