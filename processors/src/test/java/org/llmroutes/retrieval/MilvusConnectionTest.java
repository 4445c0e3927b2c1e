package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.testing.Scratch;

/** One caller's trouble is not everybody's. */
class MilvusConnectionTest {

  @Test
  void aCallerThatIsInterruptedCostsNobodyElseTheConnection() throws Exception {
    try (MilvusLite server = new MilvusLite(Scratch.folder("milvus"), 0);
        MilvusConnection milvus =
            new MilvusConnection(MilvusSettings.plain(server.host(), server.port()))) {
      server.start();
      DocumentCollection collections = new DocumentCollection(milvus);
      assertAbsent(collections);

      // so that no answer can be faster than the interrupt
      signal("-STOP", server);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> collections.space("nowhere")).isInstanceOf(RuntimeException.class);
      assertThat(Thread.interrupted()).isTrue();
      signal("-CONT", server);

      assertAbsent(collections);
    }
  }

  private static void assertAbsent(DocumentCollection collections) {
    assertThatThrownBy(() -> collections.space("nowhere"))
        .hasMessage("There is no collection nowhere");
  }

  private static void signal(String name, MilvusLite server) throws Exception {
    Process kill = new ProcessBuilder("kill", name, Long.toString(server.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
