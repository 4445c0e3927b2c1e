package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.tests.ProductCommand.Result;

/** A replay that never gets to its last step, on a NATS whose routes are down. */
class DlqReplayRepeatedTest {
  private static final String RECORDED = "recorded";

  @TempDir private Path folder;

  @Test
  void sendsOneMessageHoweverOftenItIsRepeated() throws Exception {
    try (NatsServer server = new NatsServer(folder.resolve("nats"), 0)) {
      server.start();
      try (Connection nats = Nats.connect(server.url())) {
        NatsSetup.apply(nats, Project.root().resolve("config/nats"));
        JetStreamManagement streams = nats.jetStreamManagement();
        StreamConfiguration letters = streams.getStreamInfo("AI_DLQ").getConfiguration();
        streams.updateStream(StreamConfiguration.builder(letters).denyDelete(true).build());
        letter(nats, "unknown");
        letter(nats, RECORDED);
        byte[] error = Client.pack(Map.of("success", false));
        nats.keyValue("turns")
            .put(
                RECORDED,
                Client.pack(
                    Map.of(
                        "user_id",
                        "ada",
                        "owner",
                        "AI_CHAT/5",
                        "begun",
                        1,
                        "attempt",
                        1,
                        "cancelled",
                        false,
                        "answer",
                        error)));
        ProductCommand command =
            new ProductCommand(folder, Map.of("NATS_URL", server.url()), Map.of());

        for (int i = 0; i < 2; i++) {
          Result result = command.run("dlq", "replay", "--all");

          assertThat(result.exit()).isEqualTo(1);
          assertThat(result.output()).contains("0 replayed, 2 not");
          assertThat(streams.getStreamInfo("AI_CHAT").getStreamState().getMsgCount()).isEqualTo(2);
        }
      }
    }
  }

  private static void letter(Connection nats, String requestId) throws Exception {
    Headers headers =
        new Headers()
            .put("Dlq-Subject", "ai.chat.user.ada.message")
            .put("Dlq-Stream-Sequence", "5");
    nats.jetStream().publish("ai.dlq.chat", headers, Client.pack(Map.of("request_id", requestId)));
  }
}
