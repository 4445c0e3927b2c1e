package org.llmroutes.pipelines;

import java.util.List;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** Finds what Argo and Kubeflow would evaluate inside of values: {@code {{=1+1}}} arrives as 2. */
final class TemplateTags {
  private static final String TAG = "{{";

  private TemplateTags() {}

  /**
   * @throws TurnException {@code rejected} where a text, a key or a value at any depth, has a tag
   */
  static void refuse(Map<String, Object> parameters) {
    parameters.forEach(
        (name, value) -> {
          if (name.contains(TAG)) {
            throw refusal("The name of a parameter");
          } else if (isIn(value)) {
            throw refusal("The parameter " + name);
          }
        });
  }

  private static TurnException refusal(String what) {
    return new TurnException(
        ErrorCode.REJECTED, what + " has {{ in it, which engines would evaluate");
  }

  private static boolean isIn(Object value) {
    if (value instanceof Map<?, ?> map) {
      return isIn(List.copyOf(map.keySet())) || map.values().stream().anyMatch(TemplateTags::isIn);
    } else if (value instanceof List<?> list) {
      return list.stream().anyMatch(TemplateTags::isIn);
    }
    return value instanceof String text && text.contains(TAG);
  }
}
