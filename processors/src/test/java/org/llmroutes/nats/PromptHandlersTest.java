package org.llmroutes.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.PromptDispatcherFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.NatsServer;

/** Handlers that wait for nothing work where the connection is read. */
class PromptHandlersTest {
  private static final byte[] NOTHING = new byte[0];
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static NatsServer server;

  private Connection connection;

  @BeforeAll
  static void start() throws Exception {
    server = new NatsServer(folder, 0);
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = NatsConnections.connect(server.url(), Map.of());
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void areCalledByTheOneThreadThatReads() throws Exception {
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 2; i++) {
      promptly("both", message -> threads.add(Thread.currentThread()));
    }
    connection.publish("both", NOTHING);
    connection.flush(PATIENCE);

    assertThat(threads).hasSize(2).containsOnly(threads.peek());
    assertThat(threads.peek()).isNotEqualTo(Thread.currentThread());
  }

  @Test
  void doNotEndTheReadingWhereTheyFail() throws Exception {
    promptly(
        "failing",
        message -> {
          throw new IllegalStateException("of a test");
        });
    promptly(
        "failing",
        message -> {
          throw new AssertionError("of a test");
        });
    promptly("echo", message -> connection.publish(message.getReplyTo(), message.getData()));
    connection.publish("failing", NOTHING);

    assertThat(connection.request("echo", new byte[] {7}, PATIENCE).getData()).containsExactly(7);
  }

  @Test
  void getWhatWasSentBeforeTheyAreDrained() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Dispatcher dispatcher = promptly("many", message -> handled.incrementAndGet());
    connection.flush(PATIENCE);
    for (int i = 0; i < 1000; i++) {
      connection.publish("many", NOTHING);
    }

    // a drain without a limit ends once all is handled
    assertThat(dispatcher.drain(Duration.ZERO)).succeedsWithin(PATIENCE).isEqualTo(true);
    assertThat(handled).hasValue(1000);
    assertThat(dispatcher.isActive()).isFalse();
  }

  /** As Camel's component for NATS has them, whose routes may do anything. */
  @Test
  void handlersOfOtherKindsMayWaitForAnswers() throws Exception {
    promptly("inner", message -> connection.publish(message.getReplyTo(), message.getData()));
    connection
        .createDispatcher(
            message -> {
              Message answer = connection.request("inner", message.getData(), PATIENCE);
              connection.publish(message.getReplyTo(), answer.getData());
            })
        .subscribe("outer");

    assertThat(connection.request("outer", new byte[] {7}, PATIENCE).getData()).containsExactly(7);
  }

  private Dispatcher promptly(String subject, PromptDispatcherFactory.Handler handler) {
    return connection.createDispatcher(handler).subscribe(subject);
  }
}
