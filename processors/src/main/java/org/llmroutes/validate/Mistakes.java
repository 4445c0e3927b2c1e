package org.llmroutes.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what the checks find. */
final class Mistakes {
  private final SortedSet<Mistake> found = new TreeSet<>();

  void add(String file, int line, String message) {
    found.add(new Mistake(file, line, message.strip().replaceAll("\\s*\\R\\s*", " ")));
  }

  /** A mistake in a variable of the environment, whose name the message begins with. */
  void inEnvironment(String message) {
    add("environment", 0, message);
  }

  /** In the order of files and lines. */
  List<Mistake> list() {
    return new ArrayList<>(found);
  }
}
