package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** A cancel stops a request wherever it is. */
class CancelTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @Test
  void stopsTheModelAndKeepsTheTextSoFar() throws Exception {
    stack.vllm.script(request -> endless());
    int abandoned = stack.vllm.abandoned();
    Map<String, Object> request = Client.request("Tell me everything");

    Asked asked = cancelledOnce(request, "token");

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("finish_reason", "cancelled");
    assertThat(asked.text()).startsWith("on and ").isEqualTo(asked.streamed());
    assertThat(asked.chunks("done"))
        .extracting(chunk -> chunk.get("finish_reason"))
        .containsExactly("cancelled");
    await().until(() -> stack.vllm.abandoned() > abandoned);
    stack.vllm.script(next -> Reply.of("Yes."));
    client.ask(Client.request("Where were we?"));
    assertThat(lastRequest()).contains("on and on and").contains("stopped by the user");
  }

  @Test
  void stopsAStepBeforeTheModelIsAskedForTheAnswer() throws Exception {
    stack.vllm.script(request -> Reply.of("Noted."));
    client.ask(Client.request("Something to follow up"));
    CountDownLatch rewriting = new CountDownLatch(1);
    stack.vllm.script(
        request -> {
          rewriting.countDown();
          DeliveryTest.awaitQuietly(new CountDownLatch(1));
          return Reply.of("never");
        });
    Map<String, Object> request = Client.request("And then?");
    String id = (String) request.get("request_id");

    Asked asked =
        client.listen(
            id,
            () -> {
              client.send(client.user, Client.pack(request));
              rewriting.await();
              cancel(id);
            });

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("finish_reason", "cancelled")
        .containsEntry("response", "");
  }

  @Test
  void dropsARequestWhoseCancelCameFirst() throws Exception {
    stack.vllm.script(request -> Reply.of("Too late."));
    Map<String, Object> request = Client.request("Never mind");
    String id = (String) request.get("request_id");
    cancel(id);
    await().until(() -> stack.nats.keyValue("turns").get(id) != null);

    Asked asked = client.ask(request);

    assertThat(asked.response())
        .containsEntry("finish_reason", "cancelled")
        .containsEntry("response", "");
    assertThat(stack.vllm.requests()).noneMatch(sent -> sent.toString().contains("Never mind"));
    assertThat(client.ask(request).response()).isEqualTo(asked.response());
  }

  @Test
  void leavesAnAnswerThatIsThereAsItIs() throws Exception {
    stack.vllm.script(request -> Reply.of("Done."));
    Map<String, Object> request = Client.request("Quick");
    Asked asked = client.ask(request);

    cancel((String) request.get("request_id"));

    assertThat(client.ask(request).response()).isEqualTo(asked.response());
  }

  private Asked cancelledOnce(Map<String, Object> request, String chunkType) throws Exception {
    String id = (String) request.get("request_id");
    return client.ask(
        request,
        chunk -> {
          if (chunkType.equals(chunk.get("type")) && ((Number) chunk.get("seq")).intValue() == 5) {
            cancel(id);
          }
        });
  }

  private void cancel(String id) {
    stack.nats.publish("ai.cancel." + id, new byte[0]);
  }

  private String lastRequest() {
    List<?> requests = stack.vllm.requests();
    return requests.get(requests.size() - 1).toString();
  }

  private static FakeVllm.Reply endless() {
    String[] tokens = Collections.nCopies(20_000, "on and ").toArray(String[]::new);
    return Reply.of(tokens).every(2000);
  }
}
