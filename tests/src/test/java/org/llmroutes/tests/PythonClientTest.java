package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm;

/** A client in another language that knows config/asyncapi.yaml and nothing else. */
class PythonClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stack stack = Stack.shared();
  private Process python;
  private BufferedWriter requests;
  private BufferedReader answers;

  @BeforeEach
  void start() throws IOException {
    JsonNode channels =
        new YAMLMapper()
            .readTree(Project.root().resolve("config/asyncapi.yaml").toFile())
            .path("channels");
    Map<String, String> addresses = new LinkedHashMap<>();
    channels
        .properties()
        .forEach(
            channel ->
                addresses.put(channel.getKey(), channel.getValue().path("address").asText()));
    Path script = Project.root().resolve("tests/src/test/python/client.py");
    python =
        new ProcessBuilder(
                Project.installed("bin/python").toString(),
                script.toString(),
                stack.natsServer.url(),
                JSON.writeValueAsString(addresses),
                "python-" + UUID.randomUUID())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    requests = python.outputWriter();
    answers = python.inputReader();
  }

  @AfterEach
  void stop() throws Exception {
    requests.close();
    python.waitFor();
  }

  @Test
  void getsConformingAnswersWithAHistoryThatCarriesOver() throws IOException {
    stack.vllm.script(request -> FakeVllm.Reply.of("I ", "am ", "Ada", "."));
    JsonNode first = ask("Who are you?");
    stack.vllm.script(
        request ->
            FakeVllm.Reply.of(
                request.toString().contains("I am Ada.") ? "I said it." : "I forgot."));

    JsonNode second = ask("Say again?");

    assertThat(first.path("response").path("response").asText()).isEqualTo("I am Ada.");
    StringBuilder tokens = new StringBuilder();
    int seq = 0;
    for (JsonNode chunk : first.path("chunks")) {
      assertThat(chunk.path("seq").asInt()).isEqualTo(seq++);
      tokens.append(chunk.path("content").asText(""));
    }
    assertThat(tokens).hasToString("I am Ada.");
    assertThat(first.path("response").path("sources").isArray()).isTrue();
    assertThat(first.path("response").path("timings_ms").has("total")).isTrue();
    assertThat(second.path("response").path("response").asText()).isEqualTo("I said it.");
  }

  private JsonNode ask(String message) throws IOException {
    Map<String, String> request =
        Map.of("request_id", UUID.randomUUID().toString(), "message", message);
    requests.write(JSON.writeValueAsString(request) + "\n");
    requests.flush();
    return JSON.readTree(answers.readLine());
  }
}
