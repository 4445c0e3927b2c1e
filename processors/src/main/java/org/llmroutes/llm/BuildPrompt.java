package org.llmroutes.llm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.llmroutes.turn.Turn;

/**
 * The prompt: the filled template as system message, the history, the message of the request. The
 * template sees {@code sources} (each with {@code n}, {@code title}, {@code document}, {@code
 * text}) and {@code language}.
 */
public class BuildPrompt extends PromptStep {
  private String history;
  private String sources;

  public BuildPrompt() {
    super("prompt");
  }

  /** Name of the variable with the history. */
  public void setHistory(String history) {
    this.history = history;
  }

  /** Name of the variable with the sources; it may be unset. */
  public void setSources(String sources) {
    this.sources = sources;
  }

  @Override
  @SuppressWarnings("unchecked") // load-history-action leaves it so
  protected Object apply(Exchange exchange, Turn turn) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    List<?> chosen = exchange.getVariable(sources, List.class);
    List<ChatMessage> past = exchange.getVariable(history, List.class);
    List<ChatMessage> told = past == null ? List.of() : past;
    return new Prompt(
        shown -> joined(instructions(request, shown), told),
        chosen == null ? List.of() : chosen,
        told.stream().filter(message -> !isInstruction(message)).toList(),
        (String) request.get("message"));
  }

  /** Models take one system message, at the beginning: a client's own instructions go into it. */
  private static String joined(String instructions, List<ChatMessage> history) {
    return Stream.concat(
            Stream.of(instructions),
            history.stream().filter(BuildPrompt::isInstruction).map(ChatMessage::content))
        .collect(Collectors.joining("\n\n"));
  }

  private static boolean isInstruction(ChatMessage message) {
    return "system".equals(message.role());
  }

  private String instructions(Map<?, ?> request, List<?> told) {
    Map<String, Object> values = new HashMap<>();
    values.put("sources", told);
    values.put("with_documents", Boolean.TRUE.equals(request.get("enable_rag")));
    if (request.get("language") != null) {
      values.put("language", request.get("language"));
    }
    return fill(values);
  }
}
