package org.llmroutes.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a check tells, in order. Safe for concurrent use: a check may be given up while it asks. */
final class Findings {
  private static final int LONGEST = 500;

  private final String part;
  private final UnaryOperator<String> mask;
  private final List<Finding> told = new ArrayList<>();
  private boolean closed;

  /**
   * @param mask takes secrets out of texts
   */
  Findings(String part, UnaryOperator<String> mask) {
    this.part = part;
    this.mask = mask;
  }

  void well(String name, String found) {
    add(name, State.WELL, found, "");
  }

  void warning(String name, String found, String advice) {
    add(name, State.WARNING, found, advice);
  }

  void notWell(String name, String found, String advice) {
    add(name, State.NOT_WELL, found, advice);
  }

  void notUsed(String name, String why) {
    add(name, State.NOT_USED, why, "");
  }

  void notAsked(String name, String why) {
    add(name, State.NOT_ASKED, why, "");
  }

  private synchronized void add(String name, State state, String found, String advice) {
    if (!closed) {
      told.add(new Finding(part, line(name), state, line(found), line(advice)));
    }
  }

  /** Masked before it is cut, so that no half of a secret is left over. */
  private String line(String text) {
    String masked = mask.apply(String.valueOf(text)).strip();
    return masked.length() > LONGEST ? masked.substring(0, LONGEST) + "…" : masked;
  }

  /** What was told; nothing is added from here on. */
  synchronized List<Finding> close() {
    closed = true;
    return List.copyOf(told);
  }
}
