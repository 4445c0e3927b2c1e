package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.Load.Turn;

/** Nothing of a turn stays behind. */
class MemoryTest {
  private static final int TURNS = 3000;

  private final Servers servers = new Servers();

  @AfterEach
  void stop() {
    servers.close();
  }

  /** All turns together have three times the memory that an instance may use. */
  @Test
  void livesInLittleMemory() throws Exception {
    servers.vllm.script(
        new Answers() {
          @Override
          protected Reply reply(String requestId, int generation) {
            return super.reply(requestId, generation).every(0);
          }
        });
    Map<String, Object> options = Map.of("enable_rag", false, "ignored", "x".repeat(100_000));
    try (Instance instance = new Instance(servers);
        Load load = new Load(servers.nats, 24, options)) {
      instance.start();
      load.awaitFurtherAnswers(TURNS);
      List<Turn> turns = load.stop();

      assertThat(instance.isAlive()).isTrue();
      Aftermath aftermath = new Aftermath(servers, turns);
      aftermath.everyRequestHasOneGoodResponse();
      aftermath.everyConversationHasEachTurnOnce();
      aftermath.nothingIsLeft();
    }
  }
}
