package org.llmroutes.tests;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Users who each ask one question after another, ten in a conversation, until they are stopped.
 * They send until the stream has stored the request and fetch the answer from AI_RESPONSES, as a
 * client does that has to live with a NATS that comes and goes.
 */
final class Load implements AutoCloseable {
  private static final int TURNS_IN_A_SESSION = 10;

  private final Connection nats;
  private final Map<String, Object> options;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<List<Turn>>> users = new ArrayList<>();
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean asking = true;

  /**
   * @param response as it lies in AI_RESPONSES
   */
  record Turn(String user, String session, String question, Map<String, Object> response) {
    String id() {
      return (String) response.get("request_id");
    }

    List<?> degraded() {
      return (List<?>) response.get("degraded");
    }
  }

  /**
   * @param options fields of every request
   */
  Load(Connection nats, int users, Map<String, Object> options) {
    this.nats = nats;
    this.options = options;
    for (int i = 0; i < users; i++) {
      String user = new Client(nats).user;
      this.users.add(threads.submit(() -> converse(user)));
    }
  }

  /** The requests that have no answer yet. */
  Set<String> waiting() {
    return waiting;
  }

  /** Returns once so many more requests are answered; fails where a user waits in vain. */
  void awaitFurtherAnswers(int more) {
    int wanted = answered.get() + more;
    await()
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              for (Future<List<Turn>> user : users) {
                if (user.isDone()) {
                  user.get();
                }
              }
              return answered.get() >= wanted;
            });
  }

  /** Lets every user have the last answer. */
  List<Turn> stop() throws Exception {
    asking = false;
    List<Turn> turns = new ArrayList<>();
    for (Future<List<Turn>> user : users) {
      turns.addAll(user.get());
    }
    return turns;
  }

  private List<Turn> converse(String user) throws IOException {
    List<Turn> turns = new ArrayList<>();
    while (asking) {
      Map<String, Object> request = Client.request("");
      String id = (String) request.get("request_id");
      String question = "What is to be said of " + id + "?";
      String session = "session-" + turns.size() / TURNS_IN_A_SESSION;
      request.put("message", question);
      request.put("session_id", session);
      request.putAll(options);
      waiting.add(id);
      send("ai.chat.user." + user + ".message", id, Client.pack(request));
      turns.add(new Turn(user, session, question, Client.read(fetch(id), "chat-response")));
      waiting.remove(id);
      answered.incrementAndGet();
    }
    return turns;
  }

  private void send(String subject, String id, byte[] payload) {
    Headers once = new Headers().put("Nats-Msg-Id", id);
    await()
        .pollDelay(Duration.ZERO)
        .ignoreExceptions()
        .until(() -> nats.jetStream().publish(subject, once, payload) != null);
  }

  private byte[] fetch(String id) {
    return await("an answer to " + id)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () ->
                nats.jetStreamManagement().getLastMessage("AI_RESPONSES", "ai.chat.response." + id),
            Objects::nonNull)
        .getData();
  }

  @Override
  public void close() {
    asking = false;
    threads.shutdownNow();
  }
}
