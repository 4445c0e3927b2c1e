package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.testing.Scratch;

/** One caller's trouble is not everybody's. */
class MilvusConnectionTest {

  @Test
  void aCallerThatIsInterruptedCostsNobodyElseTheConnection() {
    try (MilvusLite server = new MilvusLite(Scratch.folder("milvus"), 0);
        MilvusConnection milvus =
            new MilvusConnection("http://" + server.host() + ":" + server.port())) {
      server.start();
      DocumentCollection collections = new DocumentCollection(milvus);
      assertThat(collections.exists("nowhere")).isFalse();

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> collections.exists("nowhere")).isInstanceOf(RuntimeException.class);
      assertThat(Thread.interrupted()).isTrue();

      assertThat(collections.exists("nowhere")).isFalse();
    }
  }
}
