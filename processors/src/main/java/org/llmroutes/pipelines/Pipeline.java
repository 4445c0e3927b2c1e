package org.llmroutes.pipelines;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmroutes.contract.JsonSchema;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * One entry of the catalogue.
 *
 * @param engines the target of each engine that can run it, for instance {@code namespace} and
 *     {@code workflow_template}; the first that is there is the default
 * @param parameters schema of a trigger's parameters
 * @param allowedUsers values of {@code user_id}; {@code *} is everybody
 * @param maxRunning runs at the same time, over all instances
 * @param deadline of a run, from its submission
 * @param patience from acceptance to a start, while the engine is away
 */
public record Pipeline(
    String name,
    String description,
    Map<String, Map<String, String>> engines,
    JsonSchema parameters,
    List<String> allowedUsers,
    int maxRunning,
    Duration deadline,
    Duration patience) {

  /**
   * @throws TurnException {@code rejected} where the user may not trigger it
   */
  void requireAllowed(String userId) {
    if (!isAllowed(userId)) {
      throw new TurnException(
          ErrorCode.REJECTED, "The user " + userId + " may not trigger the pipeline " + name);
    }
  }

  /** Whether the user may trigger it. */
  public boolean isAllowed(String userId) {
    return allowedUsers.contains("*") || allowedUsers.contains(userId);
  }

  /**
   * The engine that a run goes to.
   *
   * @param wanted by the trigger, or null for the default
   * @param configured the engines of this installation
   * @throws TurnException {@code rejected} where there is none
   */
  String engine(String wanted, Set<String> configured) {
    if (wanted != null && !engines.containsKey(wanted)) {
      throw refusal(
          "The pipeline " + name + " has no engine " + wanted + "; it has " + engines.keySet());
    }
    List<String> usable = engines.keySet().stream().filter(configured::contains).toList();
    if (wanted != null && !usable.contains(wanted)) {
      throw refusal("The engine " + wanted + " is not configured here; " + name + usable(usable));
    } else if (usable.isEmpty()) {
      throw refusal("No engine of " + name + " is configured here; it needs " + engines.keySet());
    }
    return wanted != null ? wanted : usable.get(0);
  }

  private static String usable(List<String> engines) {
    return engines.isEmpty() ? " cannot run on another one" : " can run on " + engines;
  }

  /**
   * The parameters with their defaults.
   *
   * @throws TurnException {@code rejected} where they break the schema, or an engine would evaluate
   *     a part of them
   */
  Map<String, Object> complete(Map<String, Object> given) {
    Map<String, Object> complete = parameters.withDefaults(parameters.canonical(given));
    parameters
        .violation(complete)
        .ifPresent(
            violation -> {
              throw refusal("Parameters of " + name + ": " + violation);
            });
    TemplateTags.refuse(complete);
    return complete;
  }

  private static TurnException refusal(String reason) {
    return new TurnException(ErrorCode.REJECTED, reason);
  }
}
