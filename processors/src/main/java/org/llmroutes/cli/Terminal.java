package org.llmroutes.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Whether a person watches, and how wide. */
final class Terminal {
  private static final boolean ATTACHED = attached();

  private Terminal() {}

  static boolean isAttached() {
    return ATTACHED;
  }

  /** Columns of the terminal; as many as anybody wants where there is none. */
  static int width() {
    return ATTACHED ? new UsageMessageSpec().autoWidth(true).width() : Integer.MAX_VALUE;
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
