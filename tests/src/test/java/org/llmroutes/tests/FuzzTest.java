package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.local.fake.HostileRequests;

/** Whatever is sent is answered or kept as a dead letter, and surprises nobody. */
class FuzzTest {
  private static final int INPUTS = 3000;
  private static final Pattern OWNER = Pattern.compile("AI_CHAT/(\\d+)$");

  private final Stack stack = Stack.shared();
  private final Set<Long> answered = ConcurrentHashMap.newKeySet();
  private final Map<Long, String> dead = new ConcurrentHashMap<>();

  @Test
  void settlesWhateverIsSent() throws Exception {
    stack.vllm.script(request -> Reply.of("So be it."));
    HostileRequests requests = new HostileRequests(20261);
    Client client = new Client(stack.nats);
    Dispatcher outcomes = stack.nats.createDispatcher();
    outcomes.subscribe("ai.chat.response.*", this::note);
    outcomes.subscribe("ai.dlq.chat", this::noteDead);
    stack.nats.flush(Duration.ofSeconds(5));
    Set<Long> sent = new HashSet<>();
    for (int i = 0; i < INPUTS; i++) {
      String subject = "ai.chat.user." + (i % 4 == 0 ? requests.user() : client.user) + ".message";
      sent.add(stack.nats.jetStream().publish(subject, requests.next()).getSeqno());
    }

    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> {
              Set<Long> settled = new HashSet<>(answered);
              settled.addAll(dead.keySet());
              assertThat(settled).containsAll(sent);
            });

    stack.nats.closeDispatcher(outcomes);
    assertThat(answered).isNotEmpty();
    assertThat(dead).isNotEmpty();
    assertThat(dead.values()).doesNotContain("internal");
    new Aftermath(stack, List.of()).nothingIsLeft();
    assertThat(client.ask(Client.request("Still there?")).text()).isEqualTo("So be it.");
  }

  private void note(Message response) {
    Matcher owner = OWNER.matcher(response.getHeaders().getFirst("Nats-Msg-Id"));
    if (owner.find()) {
      answered.add(Long.valueOf(owner.group(1)));
    }
  }

  private void noteDead(Message letter) {
    dead.put(
        Long.valueOf(letter.getHeaders().getFirst("Dlq-Stream-Sequence")),
        letter.getHeaders().getFirst("Dlq-Error-Code"));
  }
}
