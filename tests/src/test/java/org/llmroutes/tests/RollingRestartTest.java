package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.tests.Load.Turn;

/** Instances are replaced one after the other, and no client notices. */
class RollingRestartTest {
  private final Servers servers = new Servers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void isNotNoticed() throws Exception {
    Answers answers = new Answers();
    servers.vllm.script(answers);
    List<Turn> turns;
    try (Instance one = new Instance(servers);
        Instance other = new Instance(servers);
        Load load = new Load(servers.nats, 8, Map.of())) {
      one.start();
      other.start();
      other.awaitReady();
      for (Instance replaced : List.of(one, other, one, other)) {
        replaced.awaitReady();
        load.awaitFurtherAnswers(20);
        replaced.stop();
        replaced.start();
      }
      turns = load.stop();
      // while somebody is there to acknowledge the last one
      new Aftermath(servers, turns).nothingIsLeft();
    }

    Aftermath aftermath = new Aftermath(servers, turns);
    aftermath.everyTurnIsWhole();
    assertThat(aftermath.attempts().values())
        .allSatisfy(attempts -> assertThat(attempts).containsOnlyKeys(1));
    assertThat(turns)
        .allSatisfy(
            turn -> {
              assertThat(turn.response()).containsEntry("degraded", List.of());
              assertThat(answers.generationsOf(turn.id())).isEqualTo(1);
            });
  }
}
