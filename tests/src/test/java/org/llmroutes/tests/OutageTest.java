package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.Load.Turn;

/** Servers go away under load and come back; everybody is answered, and afterwards all is whole. */
class OutageTest {
  private static Servers servers;
  private static Instance one;
  private static Instance other;

  private final Load load = new Load(servers.nats, 8, Map.of());

  @BeforeAll
  static void start() {
    servers = new Servers();
    servers.environment.put("VLLM_TIMEOUT_MS", "3000");
    servers.vllm.script(new Answers());
    one = new Instance(servers);
    other = new Instance(servers);
    one.start();
    other.start();
    one.awaitReady();
    other.awaitReady();
  }

  @AfterEach
  void endLoad() {
    load.close();
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
    servers.close();
  }

  @Test
  void ofNats() throws Exception {
    for (int restart = 0; restart < 4; restart++) {
      load.awaitFurtherAnswers(20);
      if (restart % 2 == 0) {
        servers.natsServer.kill();
      } else {
        servers.natsServer.stop();
      }
      servers.natsServer.start();
    }
    load.awaitFurtherAnswers(20);

    assertEverythingIsWhole(load.stop());
  }

  @Test
  void ofValkey() throws Exception {
    List<Turn> turns = outageOf(servers.valkey);

    assertThat(turns).extracting(Turn::degraded).contains(List.of("history"));
    assertEverythingIsWhole(turns);
  }

  @Test
  void ofMilvus() throws Exception {
    List<Turn> turns = outageOf(servers.milvus);

    assertThat(turns).extracting(Turn::degraded).contains(List.of("search"));
    assertEverythingIsWhole(turns);
  }

  @Test
  void ofTheModelServerInTheMiddleOfAnswers() throws Exception {
    long seed = new Random().nextInt(1_000_000);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    servers.vllm.script(
        new Answers() {
          @Override
          protected synchronized Reply reply(String requestId, int generation) {
            Reply whole = super.reply(requestId, generation);
            int fate = random.nextInt(10);
            if (generation > 1 || fate > 2) {
              return whole;
            }
            int sent = random.nextInt(whole.tokens().size());
            return fate == 0 ? whole.hangAfter(sent) : whole.cutAfter(sent);
          }
        });
    load.awaitFurtherAnswers(150);

    List<Turn> turns = load.stop();

    servers.vllm.script(new Answers());
    assertEverythingIsWhole(turns);
    assertThat(new Aftermath(servers, turns).attempts().values())
        .anySatisfy(attempts -> assertThat(attempts).containsKey(2));
  }

  private List<Turn> outageOf(LocalServer server) throws Exception {
    load.awaitFurtherAnswers(20);
    server.kill();
    load.awaitFurtherAnswers(20);
    server.start();
    Client client = new Client(servers.nats);
    // one good answer tells of one of the two instances only
    await().until(() -> IntStream.range(0, 10).allMatch(i -> isAnsweredWhole(client)));
    load.awaitFurtherAnswers(20);
    return load.stop();
  }

  private static boolean isAnsweredWhole(Client client) {
    Map<String, Object> request = Client.request("");
    request.put("message", "And " + request.get("request_id") + "?");
    return client.ask(request).degraded().isEmpty();
  }

  private static void assertEverythingIsWhole(List<Turn> turns) throws Exception {
    assertThat(turns.get(turns.size() - 1).degraded()).isEmpty();
    Aftermath aftermath = new Aftermath(servers, turns);
    aftermath.everyTurnIsWhole();
    aftermath.nothingIsLeft();
    assertThat(one.isReady()).isTrue();
    assertThat(other.isReady()).isTrue();
  }
}
