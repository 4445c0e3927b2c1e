package org.llmroutes.llm;

import java.util.ArrayList;
import java.util.List;

/** What a listener was told. */
final class Heard implements GenerationListener {
  final List<String> tokens = new ArrayList<>();
  final StringBuilder thoughts = new StringBuilder();
  int begunAgain;

  @Override
  public void token(String text) {
    tokens.add(text);
  }

  @Override
  public void thought(String text) {
    thoughts.append(text);
  }

  @Override
  public void begunAgain() {
    begunAgain++;
    tokens.clear();
  }

  String answer() {
    return String.join("", tokens);
  }
}
