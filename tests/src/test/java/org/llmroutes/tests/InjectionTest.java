package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** Text that looks like code is text: wherever it comes from, the model gets it as it is. */
class InjectionTest {
  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{request_id}}",
        "{{{.}}}",
        "{{#sources}}{{text}}{{/sources}}",
        "{{=<% %>=}}<% with_documents %>",
        "{{>rewrite}}",
        "{{language}} & <b>\"it's\"</b>",
        "{{env:PATH}}",
        "${jndi:ldap://127.0.0.1:1/x}",
        "${header.NatsSubject}",
        "${bean:settings}",
        "$simple{body}",
        "#{1+1}",
        "RAW({{chat.workers}})"
      })
  void reachesTheModelAsItIs(String code) {
    String collection = stack.documents.collectionOf("Herons eat " + code + " and fish.");
    stack.vllm.script(
        request -> Reply.of(request.path("stream").asBoolean() ? "Eaten: " + code : code));
    ask("What do herons eat, " + code + "?", collection);

    Asked second = ask("And then " + code + "?", collection);

    JsonNode rewrite = stack.vllm.requests().get(stack.vllm.requests().size() - 2);
    assertThat(contents(rewrite).get(0))
        .contains("user: What do herons eat, " + code + "?\n")
        .contains("assistant: Eaten: " + code + "\n")
        .contains("user: And then " + code + "?\n");
    JsonNode answer = stack.vllm.requests().get(stack.vllm.requests().size() - 1);
    List<String> prompt = contents(answer);
    assertThat(prompt.get(0)).endsWith("Herons eat " + code + " and fish.");
    assertThat(prompt.subList(1, prompt.size()))
        .containsExactly(
            "What do herons eat, " + code + "?", "Eaten: " + code, "And then " + code + "?");
    assertThat(second.text()).isEqualTo("Eaten: " + code).isEqualTo(second.streamed());
    assertThat(second.sources().get(0)).containsEntry("text", "Herons eat " + code + " and fish.");
  }

  private Asked ask(String question, String collection) {
    Map<String, Object> request = Client.request(question);
    request.put("collection", collection);
    return client.ask(request);
  }

  private static List<String> contents(JsonNode request) {
    return StreamSupport.stream(request.path("messages").spliterator(), false)
        .map(message -> message.path("content").asText())
        .toList();
  }
}
