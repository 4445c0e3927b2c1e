package org.llmroutes.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.local.Ports;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.testing.Scratch;
import org.llmroutes.testing.Threads;

/** Valkey away: a failure of the step history, at once; Valkey back: as before. */
@Timeout(60)
class ConversationOutageTest {
  private static final SavedTurn TURN = new SavedTurn("q", "a", false);

  private static void unavailable(ThrowingCallable call) {
    assertThatExceptionOfType(StepException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .satisfies(e -> assertThat(e.step()).isEqualTo("history"));
  }

  private static ConversationStore store(int port) {
    return store(ValkeySettings.at(url(port)));
  }

  private static ConversationStore store(ValkeySettings valkey) {
    return new ConversationStore(valkey, 5, Duration.ofHours(1));
  }

  private static String url(int port) {
    return "redis://127.0.0.1:" + port;
  }

  @Test
  void killedAndStartedAgain() {
    try (ValkeyServer valkey = new ValkeyServer(Scratch.folder("valkey"), 0);
        ConversationStore store = store(valkey.port())) {
      valkey.start();
      store.append("u", "s", "1", 1, TURN, List.of(), () -> {});

      valkey.kill();
      unavailable(() -> store.newest("u", "s", 5));
      unavailable(() -> store.append("u", "s", "2", 2, TURN, List.of(), () -> {}));
      valkey.start();
      await()
          .ignoreException(StepException.class)
          .untilAsserted(() -> assertThat(store.newest("u", "s", 5)).containsExactly(TURN));
      store.append("u", "s", "2", 2, TURN, List.of(), () -> {});
      assertThat(store.newest("u", "s", 5)).hasSize(2);
    }
  }

  @Test
  void absentFromTheBeginning() {
    int port = Ports.free(0);
    try (ValkeyServer valkey = new ValkeyServer(Scratch.folder("valkey"), port);
        ConversationStore store = store(valkey.port())) {
      unavailable(() -> store.newest("u", "s", 5));
      unavailable(() -> store.newest("u", "s", 5));
      valkey.start();
      await()
          .ignoreException(StepException.class)
          .untilAsserted(() -> assertThat(store.newest("u", "s", 5)).isEmpty());
    }
  }

  /** Something accepts connections there and says nothing. */
  @Test
  void silent() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConversationStore store =
            store(new ValkeySettings(url(listening.getLocalPort()), Duration.ofMillis(300)))) {
      Threads.start(
          () -> {
            try (Socket socket = listening.accept();
                InputStream in = socket.getInputStream()) {
              in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException e) {
              // the client may leave by a reset
              return;
            }
          });
      assertThat(
              CompletableFuture.runAsync(
                  () -> unavailable(() -> store.newest("u", "s", 5)), Threads::start))
          .as("sooner than where nothing is set")
          .succeedsWithin(Duration.ofSeconds(9));
    }
  }
}
