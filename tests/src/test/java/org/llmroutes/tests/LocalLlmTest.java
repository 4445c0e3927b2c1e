package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.LlmService;
import org.llmroutes.platform.Platform;

/** A turn with nothing made up in it: real retrieval and a real model, SmolLM2 by llama.cpp. */
class LocalLlmTest {

  @Test
  void answersFromDocumentsWithARealModel() throws Exception {
    try (Stack stack = new Stack();
        LlmService llm = new LlmService(0)) {
      stack.platform.close();
      Map<String, String> environment = new HashMap<>(stack.environment);
      environment.put("VLLM_URL", llm.url() + "/v1");
      stack.platform = new Platform(Settings.load(Project.root(), environment));
      stack.platform.start();
      Map<String, Object> request = Client.request("What does the heron wait for?");
      request.put(
          "collection",
          stack.documents.collectionOf(
              "The heron waits for fish in shallow water.", "Bicycles need oil on their chain."));
      request.put("max_tokens", 40);

      Asked asked = new Client(stack.nats).ask(request);

      assertThat(asked.response()).containsEntry("success", true).containsEntry("used_rag", true);
      assertThat(asked.text()).isNotBlank().isEqualTo(asked.streamed());
      assertThat((String) asked.response().get("model")).containsIgnoringCase("smollm2");
      assertThat((String) asked.sources().get(0).get("text")).contains("heron");
      assertThat(asked.degraded()).isEmpty();
    }
  }
}
