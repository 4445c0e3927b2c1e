package org.llmroutes.rehearsal;

import java.util.List;

/**
 * Classes that code of a turn names and that a rehearsal does not need: for counting by two threads
 * at once, and for failures. With the profiles of an archive the JVM leaves a method to C1 until
 * all classes are initialized that C2's code of it once needed, and gives up code that meets one
 * that was not.
 */
final class LateClasses {
  static final List<String> NAMES =
      List.of(
          "java.util.concurrent.atomic.Striped64$Cell",
          "java.lang.InterruptedException",
          "java.net.ConnectException",
          "redis.clients.jedis.util.IOUtils",
          "org.llmroutes.errors.StepException",
          "org.llmroutes.errors.TurnException",
          "org.llmroutes.http.TransientFailure");

  private LateClasses() {}

  static void initialize() {
    for (String name : NAMES) {
      try {
        Class.forName(name);
      } catch (ClassNotFoundException e) {
        // another JDK has no such class
        continue;
      }
    }
  }
}
