package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm;
import org.llmroutes.local.fake.FakeVllm.Reply;

/**
 * OpenAI's own packages make every call, each in a process of its own, and get what they expect.
 */
class OpenAiPackagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CLIENTS = Project.root().resolve("tests/clients");
  private static final Stack STACK = Stack.shared();
  private static final Map<Kit, JsonNode> RESULTS = new EnumMap<>(Kit.class);
  private static int abandoned;
  private static String collection;

  /** The packages, and how their calls are run. */
  enum Kit {
    PYTHON("calls.py"),
    NODE("calls.mjs");

    private final String script;

    Kit(String script) {
      this.script = script;
    }

    private String runtime() {
      if (this == PYTHON) {
        return Project.installed("clients", "bin/python").toString();
      }
      Path own = Project.root().resolve(".dev/node/bin/node");
      return Files.exists(own) ? own.toString() : "node";
    }

    JsonNode results() throws Exception {
      assumeTrue(
          this != NODE || Files.exists(CLIENTS.resolve("node_modules/openai")),
          "openai-node is not installed: ./dev test does where there is Node.js");
      JsonNode known = RESULTS.get(this);
      if (known == null) {
        known = run();
        RESULTS.put(this, known);
      }
      return known;
    }

    private JsonNode run() throws Exception {
      Process process =
          new ProcessBuilder(runtime(), CLIENTS.resolve(script).toString(), url(), collection)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s ends well", script).isZero();
      return JSON.readTree(said);
    }
  }

  @BeforeAll
  static void answerThem() {
    abandoned = STACK.vllm.abandoned();
    collection = STACK.documents.collectionOf("The heron waits for fish.");
    STACK.vllm.models(FakeVllm.MODEL, "Qwen/Qwen3-8B");
    STACK.vllm.script(OpenAiPackagesTest::write);
    STACK.speech.voice(text -> text.startsWith("Fail") ? Sound.failing(500) : Sound.PLAIN);
    STACK.speech.understand(
        text ->
            Map.of(
                "text",
                text,
                "language",
                "english",
                "segments",
                List.of(Map.of("start", 0.0, "end", 61.5, "text", " " + text))));
  }

  private static String url() {
    return "http://127.0.0.1:" + STACK.environment.get("GATEWAY_PORT") + "/v1";
  }

  private static Reply write(JsonNode request) {
    JsonNode messages = request.path("messages");
    String asked = messages.path(messages.size() - 1).path("content").asText();
    if (asked.contains("Go on")) {
      return Reply.of(Collections.nCopies(2000, "on ").toArray(String[]::new)).every(5000);
    } else if (asked.contains("Refuse")) {
      return Reply.failing(400);
    } else if (asked.contains("And then?")) {
      return Reply.of(messages.findValuesAsText("content").contains("Two.") ? "Three." : "What?");
    }
    return asked.contains("wait for") ? Reply.of("For", " fish. [1]") : Reply.of("Hello.");
  }

  @ParameterizedTest
  @EnumSource
  void chats(Kit kit) throws Exception {
    JsonNode chat = kit.results().path("chat");

    assertThat(chat.path("content").asText()).isEqualTo("For fish. [1]");
    assertThat(chat.path("role").asText()).isEqualTo("assistant");
    assertThat(chat.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(chat.path("model").asText()).isEqualTo(collection);
    assertThat(chat.path("counted").asBoolean()).isTrue();
    assertThat(chat.path("sources").asInt()).isEqualTo(1);
    assertThat(kit.results().path("conversation").asText()).isEqualTo("Three.");
    assertThat(kit.results().path("together"))
        .hasSize(8)
        .allMatch(it -> "Hello.".equals(it.asText()));
  }

  @ParameterizedTest
  @EnumSource
  void chatsInAStream(Kit kit) throws Exception {
    JsonNode streamed = kit.results().path("streamed");

    StringBuilder content = new StringBuilder();
    streamed.path("contents").forEach(piece -> content.append(piece.asText()));
    assertThat(content).hasToString("For fish. [1]");
    assertThat(streamed.path("role").asText()).isEqualTo("assistant");
    assertThat(streamed.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(streamed.path("sources").asInt()).isEqualTo(1);
    assertThat(streamed.path("counted").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void stopsByClosingAStream(Kit kit) throws Exception {
    assertThat(kit.results().path("cancelled").asText()).isEqualTo("on ");
    await().until(() -> STACK.vllm.abandoned() >= abandoned + RESULTS.size());
  }

  @ParameterizedTest
  @EnumSource
  void embeds(Kit kit) throws Exception {
    JsonNode embeddings = kit.results().path("embeddings");

    assertThat(embeddings.path("lengths").toString()).isEqualTo("[384,384]");
    assertThat(embeddings.path("same").asBoolean()).isTrue();
    assertThat(embeddings.path("counted").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void speaks(Kit kit) throws Exception {
    JsonNode speech = kit.results().path("speech");

    assertThat(speech.path("same").asBoolean()).isTrue();
    assertThat(speech.path("begin").asText()).isEqualTo("RIFF");
    assertThat(speech.path("type").asText()).isEqualTo("audio/wav");
  }

  @ParameterizedTest
  @EnumSource
  void writesDownWhatIsSaid(Kit kit) throws Exception {
    JsonNode said = kit.results().path("transcriptions");
    String text = "The heron waits for fish.";

    assertThat(said.path("json").asText()).isEqualTo(text);
    assertThat(said.path("text").asText()).isEqualTo(text + "\n");
    assertThat(said.path("verbose").path(0).asText()).isEqualTo(text);
    assertThat(said.path("verbose").path(1).asText()).isEqualTo("english");
    assertThat(said.path("verbose").path(2).asDouble()).isCloseTo(61.5, within(1e-9));
    assertThat(said.path("verbose").path(3).asBoolean()).isTrue();
    assertThat(said.path("srt").asText())
        .isEqualTo("1\n00:00:00,000 --> 00:01:01,500\n" + text + "\n\n");
    assertThat(said.path("vtt").asText())
        .isEqualTo("WEBVTT\n\n00:00:00.000 --> 00:01:01.500\n" + text + "\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void findsModels(Kit kit) throws Exception {
    JsonNode models = kit.results().path("models");

    assertThat(models.path("listed").toString())
        .contains("\"documents\"", "\"" + FakeVllm.MODEL + "\"");
    assertThat(models.path("one").asText()).isEqualTo(collection);
    assertThat(models.path("slashed").asText()).isEqualTo("Qwen/Qwen3-8B");
  }

  @ParameterizedTest
  @EnumSource
  void raisesTheExceptionsOfThePackage(Kit kit) throws Exception {
    JsonNode errors = kit.results().path("errors");

    assertThat(errors.path("tools").toString()).isEqualTo("[\"BadRequestError\",400,\"tools\"]");
    assertThat(errors.path("streamed").toString()).isEqualTo("[\"BadRequestError\",400,\"n\"]");
    assertThat(errors.path("tokens").toString()).isEqualTo("[\"BadRequestError\",400,\"input\"]");
    assertThat(errors.path("model").toString()).startsWith("[\"NotFoundError\",404,");
    assertThat(errors.path("path").toString()).startsWith("[\"NotFoundError\",404,");
    assertThat(errors.path("audio").toString()).startsWith("[\"BadRequestError\",400,");
    assertThat(errors.path("refused").toString()).startsWith("[\"UnprocessableEntityError\",422,");
    assertThat(errors.path("away").toString()).startsWith("[\"InternalServerError\",503,");
  }

  /** As docs/gateway.md tells it. */
  @Test
  void isAModelOfTheCommandLlm(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("extra-openai-models.yaml"),
        "- {model_id: herons, model_name: %s, api_base: '%s'}".formatted(collection, url()));
    ProcessBuilder llm =
        new ProcessBuilder(
                Project.installed("clients", "bin/llm").toString(),
                "-m",
                "herons",
                "--key",
                "none",
                "What does it wait for?")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    llm.environment().put("LLM_USER_PATH", folder.toString());
    Process process = llm.start();
    process.getOutputStream().close();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("For fish. [1]\n");
    assertThat(process.waitFor()).isZero();
  }
}
