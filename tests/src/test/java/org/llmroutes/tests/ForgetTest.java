package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.identity.Membership;
import org.llmroutes.identity.Memberships;
import org.llmroutes.identity.Memberships.Source;
import org.llmroutes.local.fake.FakeVllm;

/** What is kept of a user goes, of nobody else, and nothing is left for a second run. */
class ForgetTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);
  private final Client other = new Client(stack.nats);

  @TempDir private Path folder;

  @Test
  void deletesAllThatIsKeptOfAUserAndOfNobodyElse() throws Exception {
    stack.vllm.script(asked -> FakeVllm.Reply.of("Noted."));
    String first = ask(client, "one", "I live in Leith");
    String second = ask(client, "two", "I keep bees");
    String others = ask(other, "one", "I am somebody else");
    refused(client);
    audio(client.user + "/" + first);
    audio(other.user + "/" + others);
    Memberships memberships = new Memberships(stack.nats);
    Membership membership = new Membership(List.of("hr"), Instant.now(), null);
    memberships.put(Source.SET, client.user, membership);
    memberships.put(Source.LEARNT, other.user, membership);

    String output = forget(0, "--user", client.user);

    assertThat(output)
        .containsPattern("conversations +2\\n")
        .containsPattern("requests +3\\n")
        .containsPattern("answers +3\\n")
        .containsPattern("chunks +[1-9]")
        .containsPattern("dead letters +1\\n")
        .containsPattern("groups +1\\n")
        .containsPattern("audio objects +1\\n");
    assertThat(stack.stored("KV_principals", "$KV.principals.set." + client.user)).isZero();
    assertThat(stack.stored("KV_principals", "$KV.principals.learnt." + other.user)).isOne();
    for (String id : new String[] {first, second}) {
      assertThat(stack.stored("AI_RESPONSES", "ai.chat.response." + id)).isZero();
      assertThat(stack.stored("AI_STREAMS", "ai.chat.response.stream." + id)).isZero();
      assertThat(stack.stored("KV_turns", "$KV.turns." + id)).isZero();
    }
    assertThat(turns(client, "one") + turns(client, "two")).isZero();
    assertThat(stack.stored("AI_RESPONSES", "ai.chat.response." + others)).isOne();
    assertThat(stack.stored("KV_turns", "$KV.turns." + others)).isOne();
    assertThat(turns(other, "one")).isOne();
    assertThat(stack.nats.objectStore("ai-audio").getInfo(other.user + "/" + others)).isNotNull();
    assertThat(forget(0, "--user", client.user, "--yes"))
        .isEqualTo("Nothing is kept of " + client.user + "\n");
  }

  @Test
  void deletesOneSessionOnly() throws Exception {
    stack.vllm.script(asked -> FakeVllm.Reply.of("Noted."));
    String first = ask(client, "one", "Forget this");
    String second = ask(client, "two", "Keep this");

    forget(0, "--user", client.user, "--session", "one", "--yes");

    assertThat(stack.stored("AI_RESPONSES", "ai.chat.response." + first)).isZero();
    assertThat(turns(client, "one")).isZero();
    assertThat(stack.stored("AI_RESPONSES", "ai.chat.response." + second)).isOne();
    assertThat(turns(client, "two")).isOne();
  }

  @Test
  void leavesWhatIsInWorkAndSaysSo() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    stack.vllm.script(
        asked -> {
          DeliveryTest.awaitQuietly(release);
          return FakeVllm.Reply.of("Still.");
        });
    Map<String, Object> request = Client.request("In work");
    Asked asked =
        client.listen(
            (String) request.get("request_id"),
            () -> {
              client.send(client.user, Client.pack(request));
              await()
                  .until(
                      () -> new Ledger(stack.nats).begun((String) request.get("request_id")) == 1);
              assertThat(forget(3, "--user", client.user, "--yes"))
                  .contains("1 requests of " + client.user + " wait or are in work");
              release.countDown();
            });

    assertThat(asked.text()).isEqualTo("Still.");
  }

  @Test
  void refusesWhatIsNoUser() throws Exception {
    assertThat(forget(2, "--user", "ada@example.org", "--yes")).contains("ada_40example_2Eorg");
    assertThat(forget(2)).contains("--user");
  }

  private String ask(Client asking, String session, String message) {
    Map<String, Object> request = Client.request(message);
    request.put("session_id", session);
    asking.ask(request);
    return (String) request.get("request_id");
  }

  private void refused(Client asking) {
    Map<String, Object> request = Client.request("");
    try (DeadLetters letters = new DeadLetters(stack.nats)) {
      asking.ask(request);
      letters.next();
    }
    String subject = "ai.chat.user." + asking.user + ".message";
    await().until(() -> stack.stored("AI_CHAT", subject) == 0);
  }

  private void audio(String name) throws Exception {
    stack.nats.objectStore("ai-audio").put(name, new ByteArrayInputStream(new byte[] {1}));
  }

  private int turns(Client of, String session) {
    try (ConversationStore store =
        new ConversationStore(ValkeySettings.at(stack.valkey.url()), 100, Duration.ofDays(1))) {
      return store.newest(of.user, session, 100).size();
    }
  }

  private String forget(int exit, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "forget";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    ProductCommand.Result result = new ProductCommand(folder, stack.environment, Map.of()).run(all);
    assertThat(result.exit()).as(result.output()).isEqualTo(exit);
    return result.output();
  }
}
