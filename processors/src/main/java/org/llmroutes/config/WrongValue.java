package org.llmroutes.config;

/** A value of {@code config/ai-services-config.yaml}, or of the variable that overrides it. */
final class WrongValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String variable;
  private final String problem;

  /**
   * @param key of the entry, and the variable where that is to be named with it
   * @param problem what the value must be, and is
   */
  WrongValue(String key, String variable, String problem) {
    super(PlatformServices.FILE + ": " + key + " " + problem);
    this.variable = variable;
    this.problem = problem;
  }

  String variable() {
    return variable;
  }

  String problem() {
    return problem;
  }
}
