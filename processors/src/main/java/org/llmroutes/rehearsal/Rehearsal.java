package org.llmroutes.rehearsal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.llmroutes.aside.Aside;
import org.llmroutes.config.Settings;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.platform.Platform;
import org.llmroutes.platform.Roles;

/**
 * Turns of a second platform in this process, with the same routes, so that the first people who
 * ask meet compiled code. Of the outside it knows nothing: its NATS, Valkey and LLM are stand-ins
 * on loopback, and all is done {@link Aside}. None while there is work, and in a process that
 * serves one turn at a time; many at a time where an archive is recorded, since only then the code
 * of waiting for one another runs.
 */
public final class Rehearsal {
  private static final MsgpackCodec CODEC = new MsgpackCodec();
  private static final long TURN_WITHIN_MILLIS = 5000;
  private static final long PAUSE_MILLIS = 5;
  private static final int USERS = 16;

  /** So many, and what is called once a turn is compiled for the most part. */
  private static final int AT_ONCE = 300;

  /**
   * Between the others of one worker, which are for what is called now and then, and leave the
   * processors free.
   */
  private static final long REST_MILLIS = 5;

  /**
   * Of many at a time, each with threads and connections of its own: a load begins some, and code
   * that was never seen with a new one is compiled anew then.
   */
  private static final int ROUNDS = 8;

  /** Who has waited for the start comes at once, and first. */
  private static final long BEGINS_AFTER_MILLIS = 300;

  private final Settings settings;
  private final BooleanSupplier busy;
  private final int wanted;
  private final int workers;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  /**
   * @param settings {@code rehearsal.turns} says how many, {@code rehearsal.workers} how many at
   *     the same time
   * @param busy whether there is work
   */
  public Rehearsal(Settings settings, BooleanSupplier busy) {
    this.settings = settings;
    this.busy = busy;
    this.wanted = settings.getInt("rehearsal.turns");
    this.workers = settings.getInt("rehearsal.workers");
  }

  /** Begins in the background. */
  public void start() {
    if (wanted > 0 && Roles.of(settings).has("chat")) {
      begin(this::run);
    }
  }

  /**
   * Rehearses until enough was.
   *
   * @return how many turns
   */
  public int run() {
    Aside.begin();
    try {
      Thread.sleep(BEGINS_AFTER_MILLIS);
      awaitIdle();
      LateClasses.initialize();
      int rounds = workers > 1 ? ROUNDS : 1;
      for (int round = 1; round <= rounds; round++) {
        rehearse(wanted * round / rounds);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // as good as none
      return done.get();
    } finally {
      Aside.end();
    }
    return done.get();
  }

  /** On a platform of its own, until so many turns are done. */
  private void rehearse(int enough) throws Exception {
    try (StandInNats nats = new StandInNats();
        StandInValkey valkey = new StandInValkey();
        StandInLlm llm = new StandInLlm();
        Platform platform = new Platform(settings(nats, valkey, llm))) {
      platform.start();
      List<Thread> all =
          Stream.generate(() -> begin(() -> ask(nats, enough))).limit(workers).toList();
      for (Thread worker : all) {
        worker.join();
      }
    }
    begun.set(enough);
  }

  private static Thread begin(Runnable work) {
    Thread thread = new Thread(work, "rehearsal");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void ask(StandInNats nats, int enough) {
    try {
      for (int turn = begun.getAndIncrement(); turn < enough; turn = begun.getAndIncrement()) {
        if (workers == 1 && turn >= AT_ONCE) {
          Thread.sleep(REST_MILLIS);
        }
        awaitIdle();
        if (!nats.turn("rehearsal-" + turn % USERS, request(turn), TURN_WITHIN_MILLIS)) {
          return;
        }
        done.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // the platform has gone
      return;
    }
  }

  private void awaitIdle() throws InterruptedException {
    while (busy.getAsBoolean()) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static byte[] request(int turn) {
    return CODEC.encode(
        Map.of("request_id", "rehearsal-" + turn, "message", "Is it on?", "enable_rag", false));
  }

  private Settings settings(StandInNats nats, StandInValkey valkey, StandInLlm llm) {
    return Settings.load(
        settings.path(""),
        Map.of(
            "NATS_URL",
            "nats://" + nats.address(),
            "VALKEY_URL",
            "redis://" + valkey.address(),
            "VLLM_URL",
            "http://" + llm.address() + "/v1",
            "ROUTES_ENABLED",
            "chat",
            "CAMEL_MAIN_NAME",
            "rehearsal",
            "CAMEL_MANAGEMENT_ENABLED",
            "false"));
  }
}
