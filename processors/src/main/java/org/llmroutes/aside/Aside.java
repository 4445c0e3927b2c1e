package org.llmroutes.aside;

/** Tells threads that work for nobody from all others. */
public final class Aside {
  private static final InheritableThreadLocal<Boolean> ASIDE = new InheritableThreadLocal<>();

  private static volatile boolean on;

  private Aside() {}

  /** From here on the calling thread works for nobody, nor do the threads that it begins. */
  public static void begin() {
    on = true;
    ASIDE.set(true);
  }

  /** From here on every thread counts again: some live on, in pools that all share. */
  public static void end() {
    on = false;
  }

  /** Whether the calling thread works for nobody. */
  public static boolean now() {
    return on && ASIDE.get() != null;
  }
}
