package org.llmroutes.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Whether a person watches. */
final class Terminal {
  private static final boolean ATTACHED = attached();

  private Terminal() {}

  static boolean isAttached() {
    return ATTACHED;
  }

  /** From JDK 22 on there may be a console without a terminal, and a method that tells. */
  private static boolean attached() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
