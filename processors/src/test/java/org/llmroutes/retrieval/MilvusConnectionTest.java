package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.testing.Scratch;

/** One caller's trouble is not everybody's. */
class MilvusConnectionTest {

  @Test
  void aCallerThatIsInterruptedCostsNobodyElseTheConnection() throws Exception {
    try (MilvusLite server = new MilvusLite(Scratch.folder("milvus"), 0);
        MilvusConnection milvus =
            new MilvusConnection("http://" + server.host() + ":" + server.port())) {
      server.start();
      DocumentCollection collections = new DocumentCollection(milvus);
      assertThat(collections.exists("nowhere")).isFalse();

      // so that no answer can be faster than the interrupt
      signal("-STOP", server);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> collections.exists("nowhere")).isInstanceOf(RuntimeException.class);
      assertThat(Thread.interrupted()).isTrue();
      signal("-CONT", server);

      assertThat(collections.exists("nowhere")).isFalse();
    }
  }

  private static void signal(String name, MilvusLite server) throws Exception {
    Process kill = new ProcessBuilder("kill", name, Long.toString(server.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
