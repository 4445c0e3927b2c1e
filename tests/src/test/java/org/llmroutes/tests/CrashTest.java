package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.tests.Load.Turn;

/** The routes die at any moment, and nothing is lost and nothing doubled. */
class CrashTest {
  private static final int KILLS = 50;
  private static final int ATTEMPTS = 5;

  private final Servers servers = new Servers();
  private final Ledger ledger = new Ledger(servers.nats);

  @BeforeEach
  void redeliverSoon() throws Exception {
    Redelivery.after(Duration.ofSeconds(2), servers.nats, "AI_CHAT", "chat-handler");
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void losesAndDoublesNothing() throws Exception {
    long seed = new Random().nextInt(1_000_000);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Queue<String> generatedInVain = new ConcurrentLinkedQueue<>();
    Answers answers =
        new Answers() {
          @Override
          protected Reply reply(String requestId, int generation) {
            if (ledger.answered(requestId)) {
              generatedInVain.add(requestId);
            }
            return super.reply(requestId, generation);
          }
        };
    servers.vllm.script(answers);
    List<Turn> turns;
    try (Instance one = new Instance(servers);
        Instance other = new Instance(servers);
        Load load = new Load(servers.nats, 8, Map.of())) {
      one.start();
      other.start();
      for (int kill = 0; kill < KILLS; kill++) {
        Instance victim =
            readyOneOf(random.nextBoolean() ? List.of(one, other) : List.of(other, one));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500)));
        await().until(() -> nobodyIsNearTheEnd(load));
        victim.kill();
        victim.start();
      }
      turns = load.stop();
      // while somebody is there to acknowledge the last one
      new Aftermath(servers, turns).nothingIsLeft();
    }

    Aftermath aftermath = new Aftermath(servers, turns);
    aftermath.everyTurnIsWhole();
    assertThat(generatedInVain).isEmpty();
    for (Turn turn : turns) {
      assertThat(answers.generationsOf(turn.id())).isBetween(1, ledger.begun(turn.id()));
    }
    Map<String, Map<Integer, List<Integer>>> attempts = aftermath.attempts();
    attempts
        .values()
        .forEach(
            of ->
                assertThat(of.values())
                    .allSatisfy(
                        seqs ->
                            assertThat(seqs)
                                .isEqualTo(IntStream.range(0, seqs.size()).boxed().toList())));
    System.out.printf(
        "%d turns, of which %d were begun again%n",
        turns.size(), turns.stream().filter(turn -> ledger.begun(turn.id()) > 1).count());
    assertThat(turns).filteredOn(turn -> ledger.begun(turn.id()) > 1).hasSizeGreaterThan(KILLS / 5);
  }

  @Test
  void givesUpARequestThatKillsTheRoutesEachTime() throws Exception {
    AtomicInteger crashes = new AtomicInteger();
    Map<String, Object> request = Client.request("Die");
    Asked asked;
    try (Instance instance = new Instance(servers);
        DeadLetters letters = new DeadLetters(servers.nats)) {
      servers.vllm.script(
          generation -> {
            crashes.incrementAndGet();
            instance.kill();
            instance.start();
            return Reply.of("never heard");
          });
      instance.start();

      asked = new Client(servers.nats).ask(request);

      Message letter = letters.next();
      assertThat(letter.getData()).isEqualTo(Client.pack(request));
      assertThat(letter.getHeaders().getFirst("Dlq-Error-Code")).isEqualTo("internal");
      new Aftermath(servers, List.of()).nothingIsLeft();
    }
    assertThat(asked.error()).containsEntry("code", "internal");
    assertThat(asked.chunks("error")).hasSize(1);
    assertThat(crashes).hasValue(ATTEMPTS);
    assertThat(new Aftermath(servers, List.of()).deadLetters()).isEqualTo(1);
  }

  private static Instance readyOneOf(List<Instance> instances) {
    return await()
        .until(
            () -> {
              for (Instance instance : instances) {
                if (instance.isReady()) {
                  return instance;
                }
              }
              return null;
            },
            found -> found != null);
  }

  /**
   * Crashes may not use up the attempts of a request: it would rightly be answered with an error.
   */
  private boolean nobodyIsNearTheEnd(Load load) {
    return load.waiting().stream().allMatch(id -> ledger.begun(id) < ATTEMPTS - 1);
  }
}
