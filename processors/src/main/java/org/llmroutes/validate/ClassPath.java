package org.llmroutes.validate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.LanguageValidationResult;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.util.URISupport;

/** The components, data formats, languages and classes that the product has, by Camel's catalog. */
final class ClassPath {
  private final CamelContext context = new DefaultCamelContext();
  private final DefaultRuntimeCamelCatalog catalog = new DefaultRuntimeCamelCatalog();

  ClassPath() {
    catalog.setCamelContext(context);
  }

  /** A class, or empty where there is none of that name. */
  Optional<Class<?>> type(String name) {
    return Optional.ofNullable(context.getClassResolver().resolveClass(name));
  }

  boolean hasDataFormat(String name) {
    return context.resolveDataFormat(name) != null;
  }

  /** The options that an endpoint of that scheme takes as parameters. */
  TreeSet<String> options(String scheme) {
    ComponentModel component = catalog.componentModel(scheme);
    TreeSet<String> names = new TreeSet<>();
    if (component != null) {
      component.getEndpointParameterOptions().stream()
          .map(BaseOptionModel::getName)
          .forEach(names::add);
    }
    return names;
  }

  /** What is wrong with a text in an expression language, or empty. */
  Optional<String> mistakeIn(String language, String text, boolean predicate) {
    ClassLoader loader = context.getApplicationContextClassLoader();
    LanguageValidationResult result =
        predicate
            ? catalog.validateLanguagePredicate(loader, language, text)
            : catalog.validateLanguageExpression(loader, language, text);
    return result.isSuccess()
        ? Optional.empty()
        : Optional.of(result.getShortError() == null ? result.getError() : result.getShortError());
  }

  /**
   * Checks an endpoint by its component's metadata.
   *
   * @return by the name of the parameter, or by the empty name for the URI itself, what is wrong
   */
  Map<String, List<String>> mistakesIn(String uri, Map<String, Object> parameters, boolean from) {
    String query = parameters.isEmpty() ? "" : "?" + URISupport.createQueryString(parameters);
    EndpointValidationResult result =
        catalog.validateEndpointProperties(uri + query, false, from, !from);
    Map<String, List<String>> found = new HashMap<>();
    String scheme = uri.replaceFirst(":.*", "");
    if (result.getUnknownComponent() != null) {
      note(found, "", "no component " + scheme + " on the class path");
    }
    if (result.getSyntaxError() != null) {
      note(found, "", result.getSyntaxError());
    }
    each(result.getRequired())
        .forEach(name -> note(found, "", scheme + " needs " + name + ", which is missing"));
    each(result.getUnknown())
        .forEach(
            name ->
                note(found, name, scheme + " has no " + name + "; known are " + options(scheme)));
    each(result.getNotConsumerOnly())
        .forEach(name -> note(found, name, name + " is for producers; this is a consumer"));
    each(result.getNotProducerOnly())
        .forEach(name -> note(found, name, name + " is for consumers; this is a producer"));
    each(result.getInvalidInteger()).forEach(name -> note(found, name, "must be a whole number"));
    each(result.getInvalidNumber()).forEach(name -> note(found, name, "must be a number"));
    each(result.getInvalidBoolean()).forEach(name -> note(found, name, "must be true or false"));
    each(result.getInvalidDuration())
        .forEach(name -> note(found, name, "must be a duration such as 30s"));
    each(result.getInvalidEnum())
        .forEach(name -> note(found, name, "must be one of " + result.getEnumChoices(name)));
    return found;
  }

  private static void note(Map<String, List<String>> found, String name, String message) {
    found.computeIfAbsent(name, key -> new ArrayList<>()).add(message);
  }

  private static Iterable<String> each(Iterable<String> names) {
    return names == null ? List.of() : names;
  }

  private static Iterable<String> each(Map<String, String> byName) {
    return byName == null ? List.of() : byName.keySet();
  }
}
