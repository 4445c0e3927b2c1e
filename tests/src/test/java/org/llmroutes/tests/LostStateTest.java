package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.pipelines.PipelineEngine;

/** What buckets say of messages that are gone keeps nobody from an answer. */
class LostStateTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @Test
  void aRequestWhoseFirstMessageIsGoneIsAnswered() throws Exception {
    stack.vllm.script(asked -> FakeVllm.Reply.of("Here."));
    Map<String, Object> request = Client.request("Sent once more");
    note(request, "AI_CHAT/999999999");

    assertThat(client.ask(request).text()).isEqualTo("Here.");
  }

  @Test
  void aRequestWhoseFirstMessageHasGivenItsPlaceToAnotherIsAnswered() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    stack.vllm.script(
        asked -> {
          if (asked.toString().contains("In work")) {
            DeliveryTest.awaitQuietly(release);
          }
          return FakeVllm.Reply.of("Here.");
        });
    long inWork =
        stack
            .nats
            .jetStream()
            .publish(
                "ai.chat.user." + client.user + ".message", Client.pack(Client.request("In work")))
            .getSeqno();
    Map<String, Object> request = Client.request("Sent once more");
    note(request, "AI_CHAT/" + inWork);

    assertThat(client.ask(request).text()).isEqualTo("Here.");
    release.countDown();
  }

  @Test
  void anAnswerThatIsGoneIsGivenAgainAndNotGeneratedAgain() throws Exception {
    stack.vllm.script(asked -> FakeVllm.Reply.of("Only once."));
    Map<String, Object> request = Client.request("Answered and purged");
    Asked first = client.ask(request);
    JetStreamManagement management = stack.nats.jetStreamManagement();
    await().until(() -> management.getStreamInfo("AI_CHAT").getStreamState().getMsgCount() == 0);
    management.purgeStream(
        "AI_RESPONSES", PurgeOptions.subject("ai.chat.response." + request.get("request_id")));

    Asked second = client.ask(request);

    assertThat(second.text()).isEqualTo(first.text());
    assertThat(
            stack.vllm.requests().stream()
                .filter(asked -> asked.toString().contains("Answered and purged")))
        .hasSize(1);
  }

  @Test
  void aTriggerIsAnsweredAlthoughItsStreamBeganAnew() throws Exception {
    try (PipelineStand stand =
            new PipelineStand(
                """
                pipelines:
                  ingestion:
                    description: Reads documents
                    engines:
                      argo: {namespace: ai-ml, workflow_template: ingestion}
                    parameters: {type: object, properties: {source: {type: string}}}
                    allowed_users: ["*"]
                    max_running: 1
                    deadline: PT1H
                """);
        PipelineClient watcher = new PipelineClient(stand.nats)) {
      stand.instance(stand.natsServer.url(), Map.of("argo", (PipelineEngine) stand.engine));
      Map<String, Object> trigger = PipelineClient.trigger("ingestion");
      String id = watcher.send(trigger);
      watcher.awaitStatus(id, "submitted");
      stand.awaitTriggersGone();
      int told = watcher.heard(id).size();
      stand.nats.jetStreamManagement().deleteStream("AI_PIPELINE");
      NatsSetup.apply(stand.nats, Project.root().resolve("config/nats"));

      watcher.send(trigger);

      await().until(() -> watcher.heard(id).size() > told);
      List<Map<String, Object>> heard = watcher.heard(id);
      assertThat(heard.get(told)).isEqualTo(heard.get(told - 1));
    }
  }

  /** As a backup of the bucket would say it. */
  private void note(Map<String, Object> request, String owner) throws Exception {
    Map<String, Object> entry = new HashMap<>();
    entry.put("user_id", client.user);
    entry.put("owner", owner);
    entry.put("begun", 1);
    entry.put("attempt", 1);
    entry.put("cancelled", false);
    entry.put("answer", null);
    stack.nats.keyValue("turns").put((String) request.get("request_id"), Client.pack(entry));
  }
}
