package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm;

/** One answer per request, however often and with whatever headers it comes. */
class DeliveryTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @Test
  void generatesOnceForARequestSentTwice() {
    stack.vllm.script(request -> FakeVllm.Reply.of("Once."));
    Map<String, Object> request = Client.request("Twice sent");

    Asked first = client.ask(request);
    Asked second = client.ask(request);

    assertThat(second.response()).isEqualTo(first.response());
    assertThat(second.chunks()).isEmpty();
    assertThat(generations("Twice sent")).isEqualTo(1);
    assertThat(storedResponses(request)).isEqualTo(1);
  }

  @Test
  void dropsACopyWhileTheFirstIsInWork() throws Exception {
    CountDownLatch copySent = new CountDownLatch(1);
    stack.vllm.script(
        request -> {
          awaitQuietly(copySent);
          return FakeVllm.Reply.of("Slowly.");
        });
    Map<String, Object> request = Client.request("Copied while in work");
    byte[] payload = Client.pack(request);

    Asked asked =
        client.listen(
            (String) request.get("request_id"),
            () -> {
              client.send(client.user, payload);
              await().until(() -> generations("Copied while in work") == 1);
              client.send(client.user, payload);
              await().until(() -> pending(stack.nats) == 0);
              copySent.countDown();
            });

    assertThat(asked.text()).isEqualTo("Slowly.");
    assertThat(generations("Copied while in work")).isEqualTo(1);
    assertThat(storedResponses(request)).isEqualTo(1);
  }

  @Test
  void keepsOneTurnInTheHistoryOfARequestSentTwice() {
    stack.vllm.script(request -> FakeVllm.Reply.of("Noted."));
    Map<String, Object> request = Client.request("Remember me once");
    client.ask(request);
    client.ask(request);

    client.ask(Client.request("What did I say?"));

    String sent = stack.vllm.requests().get(stack.vllm.requests().size() - 1).toString();
    assertThat(sent.split("Remember me once", -1)).hasSize(2);
  }

  @Test
  void isNotSteeredByHeadersFromOutside() throws Exception {
    stack.vllm.script(request -> FakeVllm.Reply.of("Unmoved."));
    Map<String, Object> request = Client.request("With headers");
    Headers headers = new Headers();
    for (String name :
        List.of(
            "CamelHttpUri",
            "CamelNatsSubject",
            "NatsSubject",
            "NatsPublishSubject",
            "NatsMessageId",
            "NatsSettlement",
            "NatsStreamSequence",
            "NatsDeliveriesExhausted",
            "Dlq-Reason")) {
      headers.put(name, "true");
    }
    headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    Asked asked =
        client.listen(
            (String) request.get("request_id"),
            () ->
                stack
                    .nats
                    .jetStream()
                    .publish(
                        NatsMessage.builder()
                            .subject("ai.chat.user." + client.user + ".message")
                            .headers(headers)
                            .data(Client.pack(request))
                            .build()));

    assertThat(asked.text()).isEqualTo("Unmoved.");
    assertThat(asked.headers().getFirst("traceparent"))
        .startsWith("00-0af7651916cd43dd8448eb211c80319c");
    assertThat(asked.headers().keySet())
        .containsExactlyInAnyOrder("traceparent", "Nats-Msg-Id", "Nats-Expected-Stream");
  }

  @Test
  void aUserWithManyTurnsKeepsNobodyElseWaiting() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    stack.vllm.script(
        request -> {
          if (request.toString().contains("One of many")) {
            awaitQuietly(release);
          }
          return FakeVllm.Reply.of("Here.");
        });
    List<Map<String, Object>> many =
        IntStream.range(0, 50).mapToObj(i -> Client.request("One of many")).toList();
    for (Map<String, Object> request : many) {
      client.send(client.user, Client.pack(request));
    }
    await().until(() -> pending(stack.nats) == 0);

    Asked other = new Client(stack.nats).ask(Client.request("Another user"));

    assertThat(other.text()).isEqualTo("Here.");
    assertThat(generations("One of many")).isLessThan(50);
    release.countDown();
    await().untilAsserted(() -> many.forEach(r -> assertThat(storedResponses(r)).isOne()));
  }

  private long generations(String text) {
    return stack.vllm.requests().stream()
        .filter(request -> request.toString().contains(text))
        .count();
  }

  private long storedResponses(Map<String, Object> request) {
    String subject = "ai.chat.response." + request.get("request_id");
    return stack.stored("AI_RESPONSES", subject);
  }

  private static long pending(Connection nats) throws Exception {
    return nats.jetStreamManagement().getConsumerInfo("AI_CHAT", "chat-handler").getNumPending();
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
