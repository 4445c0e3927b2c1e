package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** What a client sees when the model server fails. */
class LlmFailureTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @Test
  void beginsAgainWhereTheStreamBreaks() {
    AtomicInteger calls = new AtomicInteger();
    stack.vllm.script(
        request ->
            calls.incrementAndGet() == 1
                ? Reply.of("Never ", "to ", "be seen").cutAfter(2)
                : Reply.of("All ", "of it."));

    Asked asked = client.ask(Client.request("Break once"));

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("response", "All of it.");
    assertThat(asked.streamed()).isEqualTo("All of it.");
    assertThat(asked.chunks("start"))
        .extracting(chunk -> chunk.get("attempt"))
        .containsExactly(1, 2);
    assertThat(asked.chunks("start")).extracting(chunk -> chunk.get("seq")).containsOnly(0);
  }

  @Test
  void givesTheTextSoFarWhereTheStreamKeepsBreaking() {
    stack.vllm.script(request -> Reply.of("As far ", "as it ", "goes").cutAfter(2));

    Asked asked = client.ask(Client.request("Break always"));

    assertThat(asked.error()).containsEntry("code", "unavailable").containsEntry("retryable", true);
    assertThat(asked.text()).isEqualTo("As far as it ").isEqualTo(asked.streamed());
    assertThat(asked.chunks("error")).hasSize(1);
  }

  @Test
  void triesAgainBeforeTheFirstToken() {
    AtomicInteger calls = new AtomicInteger();
    stack.vllm.script(
        request -> calls.incrementAndGet() < 5 ? Reply.failing(503) : Reply.of("At last."));

    Asked asked = client.ask(Client.request("Busy for a while"));

    assertThat(asked.text()).isEqualTo("At last.");
    assertThat(asked.chunks("start")).hasSize(1);
  }

  @Test
  void givesUpWhereTheServiceStaysAway() {
    stack.vllm.script(request -> Reply.failing(500));
    Map<String, Object> request = Client.request("Broken");
    request.put("timeout_ms", 3000);

    assertThat(client.ask(request).error()).containsEntry("code", "unavailable");
  }

  @Test
  void doesNotTryAgainWhatTheServiceRefuses() {
    AtomicInteger calls = new AtomicInteger();
    stack.vllm.script(
        request -> {
          calls.incrementAndGet();
          return Reply.failing(400);
        });

    assertThat(client.ask(Client.request("Refused")).error())
        .containsEntry("code", "rejected")
        .containsEntry("retryable", false);
    assertThat(calls).hasValue(1);
  }

  @Test
  void givesTheTextSoFarWhenTheTimeOfTheRequestRunsOut() {
    stack.vllm.script(request -> Reply.of("Just ", "this ", "much").hangAfter(2));
    Map<String, Object> request = Client.request("Hang");
    request.put("enable_rag", false);
    request.put("timeout_ms", 3000);

    Asked asked = client.ask(request);

    assertThat(asked.error()).containsEntry("code", "timeout");
    assertThat(asked.text()).isEqualTo("Just this ");
  }
}
