package org.llmroutes.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A question with what the model is told for it: instructions that hold the sources, and the
 * history. It can be made smaller for a model whose context it does not fit.
 *
 * @param instructions the system message for these sources
 * @param sources as the response lists them, best first
 * @param history question and answer in turn, oldest first
 */
public record Prompt(
    Function<List<?>, String> instructions,
    List<?> sources,
    List<ChatMessage> history,
    String question) {

  /** Instructions, history and question as messages. */
  public List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(new ChatMessage("system", instructions.apply(sources)));
    messages.addAll(history);
    messages.add(new ChatMessage("user", question));
    return messages;
  }

  /** With the better half of the sources and the newer half of the history; empty without both. */
  Optional<Prompt> smaller() {
    if (sources.isEmpty() && history.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Prompt(
            instructions, sources.subList(0, sources.size() / 2), newerHalf(history), question));
  }

  /** Of questions with their answers, at most half. */
  static List<ChatMessage> newerHalf(List<ChatMessage> history) {
    int turns = history.size() / 2 / 2;
    return history.subList(history.size() - 2 * turns, history.size());
  }
}
