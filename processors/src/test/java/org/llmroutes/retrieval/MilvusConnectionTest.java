package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.shaded.io.grpc.Status;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.testing.Scratch;
import org.llmroutes.testing.TestMilvus;

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

  /** As gRPC says it of a proxy that knows no such path, or has a page of its own for it. */
  @ParameterizedTest
  @EnumSource(names = {"UNIMPLEMENTED", "UNKNOWN"})
  void whatAnswersInThePlaceOfMilvusIsNamed(Status.Code code) {
    Status answer =
        code.toStatus().withDescription("HTTP status code 404\ninvalid content-type: text/html");
    assertFails(answer, "is not what answers there: HTTP status code 404");
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERNAL", "ABORTED", "DATA_LOSS"})
  void aServerThatFailsIsNamed(Status.Code code) {
    assertFails(code.toStatus().withDescription("panic\ngoroutine 7"), "fails: panic");
  }

  private static void assertFails(Status answer, String reason) {
    BiConsumer<String, String> before =
        (method, content) -> {
          if (method.contains("Collection")) {
            throw answer.asRuntimeException();
          }
        };
    try (MilvusRelay relay = new MilvusRelay(TestMilvus.settings(), before);
        MilvusConnection milvus = new MilvusConnection(relay.settings())) {
      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> new DocumentCollection(milvus).space("nowhere"))
          .withMessageEndingWith(reason)
          .returns(ErrorCode.UNAVAILABLE, StepException::code);
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
