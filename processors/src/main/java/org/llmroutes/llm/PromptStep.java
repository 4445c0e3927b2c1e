package org.llmroutes.llm;

import org.llmroutes.config.Settings;
import org.llmroutes.turn.Step;

/** A step that fills a prompt template of the project. */
public abstract class PromptStep extends Step {
  private String template;
  private volatile PromptTemplate prompt;

  /**
   * @param name the step as clients know it
   */
  protected PromptStep(String name) {
    super(name);
  }

  /** Path of the template below the project. */
  public void setTemplate(String template) {
    this.template = template;
  }

  /** The template with these values; it is found when it is first needed. */
  protected final String fill(Object values) {
    if (prompt == null) {
      prompt = new PromptTemplate(service(Settings.class).path(template));
    }
    return prompt.fill(values);
  }
}
