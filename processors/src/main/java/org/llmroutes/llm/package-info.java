/** The language model: prompts, completions, and the thoughts that are kept apart from answers. */
package org.llmroutes.llm;
