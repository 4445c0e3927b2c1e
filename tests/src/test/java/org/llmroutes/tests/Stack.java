package org.llmroutes.tests;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.llmroutes.local.Project;
import org.llmroutes.platform.Platform;

/**
 * The servers with the product on top. One for the suite is started with the first test that needs
 * it; a test that breaks a server starts its own.
 */
public final class Stack extends Servers {
  Platform platform;

  private static Stack shared;

  /**
   * The stack that tests share; they keep out of each other's way by fresh users and ids. Its fakes
   * say what they always say, whatever the test before had them say.
   */
  static synchronized Stack shared() {
    if (shared == null) {
      shared = new Stack();
    }
    shared.fakesSayWhatTheyAlwaysSay();
    return shared;
  }

  private static synchronized void closeShared() {
    if (shared != null) {
      shared.close();
    }
  }

  /** Stops the shared stack at the end of the suite, where it was ever started. */
  public static final class AtTheEnd implements LauncherSessionListener {
    @Override
    public void launcherSessionClosed(LauncherSession session) {
      closeShared();
    }
  }

  Stack() {
    this(Map.of());
  }

  /**
   * @param overrides settings, as environment variables
   */
  Stack(Map<String, String> overrides) {
    this(overrides, Map.of());
  }

  /**
   * On a guarded NATS server.
   *
   * @param overrides settings, and how the routes connect, as environment variables
   * @param guard its public keys
   */
  Stack(Map<String, String> overrides, Map<String, String> guard) {
    this(Project.root(), overrides, guard, platform -> {});
  }

  /**
   * @param home the folder with the routes, Kamelets and configuration to run
   * @param beforeStart what is done to the platform before it starts
   */
  Stack(Path home, Consumer<Platform> beforeStart) {
    this(home, Map.of(), Map.of(), beforeStart);
  }

  private Stack(
      Path home,
      Map<String, String> overrides,
      Map<String, String> guard,
      Consumer<Platform> beforeStart) {
    super(home, overrides, guard);
    try {
      platform = new Platform(settings);
      beforeStart.accept(platform);
      platform.start();
    } catch (Exception e) {
      throw new IllegalStateException("The product did not start", e);
    }
  }

  @Override
  public void close() {
    platform.close();
    super.close();
  }
}
