package org.llmroutes.doctor;

import java.util.List;
import org.llmroutes.contract.Schemas;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.pipelines.Pipeline;

/** The catalogue of pipelines, and whether each has an engine here. */
final class PipelinesCheck implements Check {

  @Override
  public String part() {
    return "pipelines";
  }

  @Override
  public void look(Installation here, Findings found) {
    if (!here.has("pipeline")) {
      found.notUsed("", "by none of the roles in use");
      return;
    }
    List<String> engines = here.engines();
    for (Pipeline pipeline : catalogue(here).all()) {
      List<String> usable = pipeline.engines().keySet().stream().filter(engines::contains).toList();
      if (usable.isEmpty()) {
        found.notUsed(
            pipeline.name(),
            "it needs %s, which is not configured here"
                .formatted(String.join(" or ", pipeline.engines().keySet())));
      } else {
        found.well(pipeline.name(), "runs on " + String.join(", ", usable));
      }
    }
  }

  static Catalogue catalogue(Installation here) {
    return Catalogue.load(here.settings(), new Schemas(here.settings().path("config/schemas")));
  }

  /** The targets that the catalogue has for an engine. */
  static List<java.util.Map<String, String>> targets(Installation here, String engine) {
    return catalogue(here).all().stream()
        .filter(pipeline -> pipeline.engines().containsKey(engine))
        .map(pipeline -> pipeline.engines().get(engine))
        .toList();
  }
}
