package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** What a user who sees no subject but the own ones gets, and can do. */
class UserSubjectsTest {
  private final Stack stack = Stack.shared();
  private final String user = "user-" + UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"chat", "voice"})
  void haveACopyOfEveryChunkAndOfTheAnswer(String kind) throws Exception {
    stack.vllm.script(request -> Reply.of("For", " you", " alone."));
    Client client = kind.equals("chat") ? new Client(stack.nats) : Client.ofVoice(stack.nats);
    Map<String, Object> request =
        kind.equals("chat") ? Client.request("Hello?") : Client.voiceRequest("Hello?");
    String id = (String) request.get("request_id");
    BlockingQueue<Message> copies = new LinkedBlockingQueue<>();
    Dispatcher listening =
        stack.nats.createDispatcher(copies::add).subscribe("ai.user." + user + ".>");

    Asked asked = client.listen(id, () -> client.send(user, Client.pack(request)));

    String responses = "ai.user." + user + "." + kind + ".response.";
    await().until(() -> copies.stream().anyMatch(copy -> copy.getSubject().equals(responses + id)));
    stack.nats.closeDispatcher(listening);
    List<Message> all = List.copyOf(copies);
    assertThat(all.subList(0, all.size() - 1))
        .allMatch(copy -> copy.getSubject().equals(responses + "stream." + id))
        .extracting(copy -> Client.read(copy.getData(), kind + "-stream-chunk").get("seq"))
        .isEqualTo(asked.chunks().stream().map(chunk -> chunk.get("seq")).toList());
    assertThat(Client.read(all.get(all.size() - 1).getData(), kind + "-response"))
        .usingRecursiveComparison()
        .isEqualTo(asked.response());
  }

  @Test
  void haveTheAnswerAgainWhenTheRequestComesAgain() throws Exception {
    stack.vllm.script(request -> Reply.of("Once."));
    Client client = new Client(stack.nats);
    Map<String, Object> request = Client.request("Hello?");
    String id = (String) request.get("request_id");
    Asked asked = client.listen(id, () -> client.send(user, Client.pack(request)));
    BlockingQueue<Message> copies = new LinkedBlockingQueue<>();
    Dispatcher listening =
        stack
            .nats
            .createDispatcher(copies::add)
            .subscribe("ai.user." + user + ".chat.response." + id);

    client.listen(id, () -> client.send(user, Client.pack(request)));

    await().until(() -> !copies.isEmpty());
    stack.nats.closeDispatcher(listening);
    assertThat(Client.read(copies.remove().getData(), "chat-response")).isEqualTo(asked.response());
  }

  @Test
  void cancelTheOwnRequestsAndNobodyElses() throws Exception {
    Reply whole = Reply.of("one ", "two ", "three ", "four ", "five").every(20_000);
    stack.vllm.script(request -> request.toString().contains("Stop") ? whole.hangAfter(1) : whole);
    Client client = new Client(stack.nats);
    Map<String, Object> kept = Client.request("Go on");
    Map<String, Object> stopped = Client.request("Stop");

    Asked goneOn =
        client.listen(
            id(kept), () -> client.send(user, Client.pack(kept)), cancelAs("mallory", kept));
    Asked ended =
        client.listen(
            id(stopped), () -> client.send(user, Client.pack(stopped)), cancelAs(user, stopped));

    assertThat(goneOn.response()).containsEntry("finish_reason", "stop");
    assertThat(ended.response()).containsEntry("finish_reason", "cancelled");
  }

  @Test
  void cancelARequestThatIsStillToCome() throws Exception {
    stack.vllm.script(request -> Reply.of("Too late."));
    Client client = new Client(stack.nats);
    Map<String, Object> request = Client.request("Never mind");
    cancelAs(user, request).accept(Map.of("type", "start"));
    await().until(() -> stack.nats.keyValue("turns").get(id(request)) != null);

    Asked asked = client.listen(id(request), () -> client.send(user, Client.pack(request)));

    assertThat(asked.response()).containsEntry("finish_reason", "cancelled");
  }

  private static String id(Map<String, Object> request) {
    return (String) request.get("request_id");
  }

  private Consumer<Map<String, Object>> cancelAs(String name, Map<String, Object> request) {
    String subject = "ai.cancel.user." + name + "." + id(request);
    return Client.at("start", () -> stack.nats.publish(subject, new byte[0]));
  }
}
