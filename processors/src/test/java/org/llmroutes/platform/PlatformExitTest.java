package org.llmroutes.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;

/** A platform that is only started is part of a process, which ends when it wants. */
class PlatformExitTest {
  /** Less than the 45 that Camel waits for a context to stop. */
  private static final int SECONDS = 40;

  /** A process that leaves its platform running. */
  static final class Leaving {
    private Leaving() {}

    public static void main(String[] root) throws Exception {
      Map<String, String> alone =
          Map.of(
              "NATS_URL", "nats://127.0.0.1:1",
              "LLM_ROUTES_PORT", "0",
              "ROUTES_ENABLED", "chat");
      new Platform(Settings.load(Path.of(root[0]), alone)).start();
      System.exit(7);
    }
  }

  @Test
  void doesNotHoldUpTheEndOfItsProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Leaving.class.getName(),
                Project.root().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(7);
    } finally {
      process.destroyForcibly();
    }
  }
}
