package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks the beans of a Kamelet's template: their classes, and a setter for each property. */
final class TemplateBeans {
  private TemplateBeans() {}

  /**
   * @return the names of the beans
   */
  static Set<String> check(SourceFile file, JsonPointer at, ClassPath classPath) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < file.at(at).size(); i++) {
      JsonPointer place = at.appendIndex(i);
      JsonNode bean = file.at(place);
      names.add(bean.path("name").asText());
      String type = bean.path("type").asText().replaceFirst("^#class:", "");
      Optional<Class<?>> found = classPath.type(type);
      if (found.isEmpty()) {
        file.mistake(place.appendProperty("type"), "no class " + type + " on the class path");
      } else {
        checkSetters(file, place.appendProperty("properties"), found.get());
      }
    }
    return names;
  }

  private static void checkSetters(SourceFile file, JsonPointer at, Class<?> type) {
    TreeSet<String> setters = new TreeSet<>();
    Arrays.stream(type.getMethods())
        .filter(method -> method.getName().startsWith("set") && method.getParameterCount() == 1)
        .filter(method -> method.getName().length() > 3)
        .map(method -> method.getName().substring(3))
        .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
        .forEach(setters::add);
    setters.remove("camelContext");
    for (Map.Entry<String, JsonNode> given : file.at(at).properties()) {
      String property = given.getKey();
      if (!setters.contains(property)) {
        file.mistake(
            at.appendProperty(property),
            type.getSimpleName() + " has no property " + property + "; it has " + setters);
      }
    }
  }
}
