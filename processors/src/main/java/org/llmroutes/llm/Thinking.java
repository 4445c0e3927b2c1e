package org.llmroutes.llm;

/** How a model thinks in the text that it writes. */
enum Thinking {
  /** Nothing is known of it yet. */
  UNKNOWN,
  /** Not at all, or between tags that it writes both itself. */
  MARKED,
  /** The chat template has opened the tag, so that the text begins with thoughts. */
  OPENED_BY_TEMPLATE
}
