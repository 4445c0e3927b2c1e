package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.milvus.v2.client.ConnectConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.Ports;
import org.llmroutes.testing.Certificate;

/** A Milvus with users, databases and TLS is used, or what is missing is named. */
class GuardedMilvusTest {
  private static final Status REFUSED =
      Status.UNAUTHENTICATED.withDescription("auth check failure");

  @TempDir private static Path folder;
  private static Certificate certificate;
  private static SslContext tls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new Certificate(folder, "dns:milvus.example.org");
    tls = GrpcSslContexts.forServer(certificate.pem().toFile(), certificate.key().toFile()).build();
  }

  @Test
  void aTokenAndADatabaseAreSentWithEveryCall() {
    try (FakeMilvus server = new FakeMilvus(null, caller -> Status.OK)) {
      assertUsable(with(server.settings(), "root:Milvus", "default"));

      assertThat(server.callers)
          .hasSize(3)
          .containsOnly(new FakeMilvus.Caller("root:Milvus", "default"));
    }
  }

  @Test
  void aMissingUserIsNamed() {
    try (FakeMilvus server = new FakeMilvus(null, caller -> REFUSED)) {
      assertUnusable(server.settings(), "wants a user: set MILVUS_TOKEN, or MILVUS_USER");
    }
  }

  @Test
  void aWrongUserIsNamedWithoutThePassword() {
    try (FakeMilvus server = new FakeMilvus(null, caller -> REFUSED)) {
      assertThat(assertUnusable(with(server.settings(), "root:wrong", ""), "refuses MILVUS_TOKEN"))
          .hasMessageContaining("auth check failure")
          .hasMessageNotContaining("wrong");
    }
  }

  @Test
  void aUserWhoMayNotIsNamedAsSuch() {
    Status denied = Status.PERMISSION_DENIED.withDescription("PrivilegeSearch: permission deny");
    try (FakeMilvus server = new FakeMilvus(null, caller -> denied)) {
      assertUnusable(server.settings(), "does not permit this to the user: PrivilegeSearch");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    try (FakeMilvus server = new FakeMilvus(null, caller -> Status.OK)) {
      assertUnusable(
          with(server.settings(), "", "absent"), "has no database absent (MILVUS_DATABASE)");
    }
  }

  @Test
  void anAuthorityAndTheNameInTheCertificateMakeTlsGood() throws Exception {
    try (FakeMilvus server = new FakeMilvus(tls, caller -> Status.OK)) {
      assertUsable(secure(server, certificate.pem().toString(), "milvus.example.org"));
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsNamed() throws Exception {
    try (FakeMilvus server = new FakeMilvus(tls, caller -> Status.OK)) {
      assertUnusable(secure(server, "", ""), "its certificate is not accepted (MILVUS_TLS_CA_FILE");
      assertUnusable(
          secure(server, certificate.pem().toString(), ""), "its certificate is not accepted");
    }
  }

  @Test
  void tlsWhereThereIsNoneIsNamed() {
    try (FakeMilvus server = new FakeMilvus(null, caller -> Status.OK)) {
      assertUnusable(secure(server, "", ""), "it does not speak TLS (MILVUS_TLS)");
    }
  }

  @Test
  void noTlsWhereThereIsSomeIsNamed() {
    try (FakeMilvus server = new FakeMilvus(tls, caller -> Status.OK)) {
      assertUnusable(server.settings(), "it speaks TLS (MILVUS_TLS=true)");
    }
  }

  @Test
  void aServerOfAnotherKindIsNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread answering =
          new Thread(
              () -> {
                try (Socket caller = other.accept()) {
                  caller.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                  caller.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // the caller has gone
                }
              });
      answering.start();
      assertUnusable(
          MilvusSettings.plain("127.0.0.1", other.getLocalPort()),
          "it does not speak gRPC (MILVUS_PORT)");
    }
  }

  @Test
  void nobodyThereIsNamed() {
    int free = Ports.free(0);
    assertUnusable(MilvusSettings.plain("127.0.0.1", free), "nothing listens there");
    assertUnusable(MilvusSettings.plain("no-such-host.invalid", free), "there is no such host");
  }

  @Test
  void aFirstConnectionThatTakesItsTimeIsWaitedFor() {
    long begin = System.nanoTime();
    try (FakeMilvus server =
        new FakeMilvus(
            null,
            caller -> {
              LockSupport.parkNanos(begin + TimeUnit.SECONDS.toNanos(3) - System.nanoTime());
              return Status.OK;
            })) {
      assertUsable(server.settings());
    }
  }

  @Test
  void aServerThatHangsTakesNoMoreThanItsShare() {
    CountDownLatch over = new CountDownLatch(1);
    try (FakeMilvus server =
            new FakeMilvus(
                null,
                caller -> {
                  await(over);
                  return Status.OK;
                });
        MilvusConnection milvus = new MilvusConnection(server.settings())) {
      DocumentSearch search = new DocumentSearch(milvus);
      StepException late =
          catchThrowableOfType(
              StepException.class,
              () ->
                  MilvusShare.within(
                      Deadline.in(Duration.ofMillis(200)),
                      () ->
                          search.search("documents", "why?", null, SearchScope.ofPublic(), 5, 1)));
      over.countDown();
      assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  /** A server counts pings that come too often, and then closes the connection. */
  @Test
  void pingsAsSeldomAsServersAllow() {
    try (MilvusConnection milvus = new MilvusConnection(MilvusSettings.plain("127.0.0.1", 1))) {
      ConnectConfig config = milvus.config();
      assertThat(config.isKeepAliveWithoutCalls()).isFalse();
      assertThat(config.getKeepAliveTimeMs())
          .isGreaterThanOrEqualTo(Duration.ofMinutes(5).toMillis());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static MilvusSettings with(MilvusSettings plain, String token, String database) {
    return new MilvusSettings(plain.host(), plain.port(), false, database, token, "", "");
  }

  private static MilvusSettings secure(FakeMilvus server, String authority, String name) {
    MilvusSettings plain = server.settings();
    return new MilvusSettings(plain.host(), plain.port(), true, "", "", authority, name);
  }

  private static void assertUsable(MilvusSettings settings) {
    try (MilvusConnection milvus = new MilvusConnection(settings)) {
      assertThatExceptionOfType(StepException.class)
          .isThrownBy(() -> new DocumentCollection(milvus).space("absent"))
          .withMessage("There is no collection absent");
    }
  }

  private static StepException assertUnusable(MilvusSettings settings, String reason) {
    try (MilvusConnection milvus = new MilvusConnection(settings)) {
      DocumentSearch search = new DocumentSearch(milvus);
      StepException refused =
          catchThrowableOfType(
              StepException.class,
              () -> search.search("documents", "why?", null, SearchScope.ofPublic(), 5, 1));
      assertThat(refused).hasMessageContainingAll("Milvus at " + settings.uri(), reason);
      assertThat(refused.step()).isEqualTo("search");
      assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      return refused;
    }
  }
}
