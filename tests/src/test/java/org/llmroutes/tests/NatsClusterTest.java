package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.tests.Load.Turn;

/** Of three NATS servers, one at a time is killed: nobody is left without an answer. */
class NatsClusterTest {
  @TempDir private Path folder;

  @Test
  void losesNothingWithTheLeaderOfAStream() throws Exception {
    try (NatsCluster cluster = new NatsCluster(folder);
        Servers servers =
            new Servers(Project.root(), Map.of("NATS_URL", cluster.url(), "NATS_REPLICAS", "3"))) {
      servers.vllm.script(new Answers());
      List<Turn> turns;
      try (Instance one = new Instance(servers);
          Instance other = new Instance(servers);
          Load load = new Load(servers.nats, 8, Map.of())) {
        one.start();
        other.start();
        for (String stream : List.of("AI_CHAT", "KV_turns", "AI_RESPONSES")) {
          load.awaitFurtherAnswers(20);
          NatsServer leader = cluster.leader(servers.nats, stream);
          leader.kill();
          load.awaitFurtherAnswers(20);
          leader.start();
          cluster.awaitCopies(servers.nats, stream);
        }
        turns = load.stop();
        // while somebody is there to acknowledge the last one
        new Aftermath(servers, turns).nothingIsLeft();
        assertThat(one.isReady()).isTrue();
        assertThat(other.isReady()).isTrue();
        assertThat(List.of(one, other))
            .as("a stream without a leader is waited for")
            .allSatisfy(
                instance ->
                    assertThat(instance.output()).content().doesNotContain("No Responders"));
      }
      new Aftermath(servers, turns).everyTurnIsWhole();
    }
  }
}
