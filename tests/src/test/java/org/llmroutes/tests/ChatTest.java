package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A question in, an answer out. */
class ChatTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @Test
  void answersWithTokensThatAddUpToTheResponse() {
    Map<String, Object> request = Client.request("Who is there?");

    Asked asked = client.ask(request);

    assertThat(asked.response())
        .containsEntry("success", true)
        .containsEntry("user_id", client.user);
    assertThat(asked.text()).isEqualTo("Hello, world.");
    assertThat(asked.streamed()).isEqualTo(asked.text());
    assertThat(asked.chunks().stream().map(chunk -> chunk.get("seq")))
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(asked.degraded()).isEmpty();
  }
}
