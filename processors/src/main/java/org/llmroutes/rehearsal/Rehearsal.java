package org.llmroutes.rehearsal;

import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.llmroutes.config.Settings;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.platform.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns of a second platform in this process, with the same routes, so that the first people who
 * ask meet compiled code. Of the outside it knows nothing: its NATS, Valkey and LLM are stand-ins
 * on loopback, it has no metrics, and it is not heard in the log. One turn at a time, and none
 * while there is work.
 */
public final class Rehearsal implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  private static final long TURN_WITHIN_MILLIS = 5000;
  private static final long PAUSE_MILLIS = 5;

  private final Settings settings;
  private final BooleanSupplier busy;

  /**
   * @param settings {@code rehearsal.turns} says how many
   * @param busy whether there is work
   */
  public Rehearsal(Settings settings, BooleanSupplier busy) {
    this.settings = settings;
    this.busy = busy;
  }

  /** Begins in the background. */
  public void start() {
    if (settings.getInt("rehearsal.turns") > 0) {
      Thread thread = new Thread(this, "rehearsal");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void run() {
    Unheard.begin();
    long start = System.nanoTime();
    int turns = 0;
    try (StandInNats nats = new StandInNats();
        StandInValkey valkey = new StandInValkey();
        StandInLlm llm = new StandInLlm();
        Platform platform = new Platform(settings(nats, valkey, llm))) {
      platform.start();
      turns = rehearse(nats);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      Unheard.end();
      LOG.debug("The rehearsal has ended early", e);
    } finally {
      Unheard.end();
    }
    LOG.debug("{} turns rehearsed in {} ms", turns, (System.nanoTime() - start) / 1_000_000);
  }

  private int rehearse(StandInNats nats) throws IOException, InterruptedException {
    MsgpackCodec codec = new MsgpackCodec();
    int wanted = settings.getInt("rehearsal.turns");
    for (int turn = 0; turn < wanted; turn++) {
      while (busy.getAsBoolean()) {
        Thread.sleep(PAUSE_MILLIS);
      }
      Map<String, Object> request =
          Map.of("request_id", "rehearsal-" + turn, "message", "Is it on?", "enable_rag", false);
      if (!nats.turn(codec.encode(request), TURN_WITHIN_MILLIS)) {
        return turn;
      }
    }
    return wanted;
  }

  private Settings settings(StandInNats nats, StandInValkey valkey, StandInLlm llm) {
    return Settings.load(
        settings.path(""),
        Map.of(
            "NATS_URL", "nats://" + nats.address(),
            "VALKEY_URL", "redis://" + valkey.address(),
            "VLLM_URL", "http://" + llm.address() + "/v1",
            "ROUTES_ENABLED", "chat",
            "CAMEL_MAIN_NAME", "rehearsal",
            "CAMEL_MANAGEMENT_ENABLED", "false",
            "CAMEL_METRICS_ENABLED", "false"));
  }
}
