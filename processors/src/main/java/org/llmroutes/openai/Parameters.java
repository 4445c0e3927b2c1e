package org.llmroutes.openai;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.gateway.HttpProblem;

/**
 * The parameters of one call. What is wrong with one is a {@link HttpProblem} that names it; null
 * is as if left out.
 */
final class Parameters {
  private final Map<String, Object> given;

  Parameters(Map<String, Object> given) {
    this.given = given;
  }

  /** What is not served here, where it asks for something. */
  void refuse(List<String> names) {
    for (String name : names) {
      Object value = given.get(name);
      boolean asksForNothing =
          value == null
              || Boolean.FALSE.equals(value)
              || "false".equals(value)
              || "".equals(value)
              || List.of().equals(value)
              || Map.of().equals(value);
      if (!asksForNothing) {
        throw HttpProblem.ofField(name, "is not supported");
      }
    }
  }

  String required(String name) {
    return text(name).orElseThrow(() -> HttpProblem.ofField(name, "is required"));
  }

  /** Empty where it is left out or blank. */
  Optional<String> text(String name) {
    Object value = given.get(name);
    if (value != null && !(value instanceof String)) {
      throw HttpProblem.ofField(name, "must be text");
    }
    return Optional.ofNullable((String) value).filter(text -> !text.isBlank());
  }

  /** One of the values, which are all that is served; the first where it is left out. */
  String choice(String name, String... values) {
    String value = text(name).orElse(values[0]);
    if (!Arrays.asList(values).contains(value)) {
      throw HttpProblem.ofField(name, "must be one of " + String.join(", ", values));
    }
    return value;
  }

  /** A whole number above 0. */
  Optional<Integer> count(String name) {
    Object value = given.get(name);
    if (value == null) {
      return Optional.empty();
    } else if (value instanceof Integer number && number > 0) {
      return Optional.of(number);
    }
    throw HttpProblem.ofField(name, "must be a whole number above 0");
  }

  boolean isOn(String name) {
    Object value = given.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw HttpProblem.ofField(name, "must be true or false");
    }
    return Boolean.TRUE.equals(value);
  }

  /** Null where it is left out. */
  Object any(String name) {
    return given.get(name);
  }
}
