package org.llmroutes.rehearsal;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
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
 * ask meet compiled code. Of the outside it knows nothing: its NATS, Valkey, Milvus and models are
 * stand-ins on loopback, and all is done {@link Aside}. None while there is work, and in a process
 * that serves one turn at a time; many at a time where an archive is recorded, since only then the
 * code of waiting for one another runs.
 */
public final class Rehearsal {
  private static final MsgpackCodec CODEC = new MsgpackCodec();
  private static final long TURN_WITHIN_MILLIS = 5000;
  private static final long PAUSE_MILLIS = 5;
  private static final int USERS = 16;

  /** What the ids of requests and users begin with. */
  static final String ID = "rehearsal-";

  /** Every so many turns ask for one that cannot be searched by words. */
  private static final int COLLECTIONS = 4;

  /** So many, and what is called once a turn is compiled for the most part. */
  private static final int AT_ONCE = 300;

  /**
   * Between the others of one worker, which are for what is called now and then, and leave the
   * processors free.
   */
  private static final long REST_MILLIS = 5;

  /**
   * Turns of many at a time between which threads and connections are made anew: a load begins
   * some, and code that was never seen with a new one is compiled anew then.
   */
  private static final int ROUND = 1500;

  /** Any method. */
  private static final long COMPILES_WITHIN_MILLIS = 1000;

  /** Who has waited for the start comes at once, and first. */
  private static final long BEGINS_AFTER_MILLIS = 300;

  private final Settings settings;
  private final BooleanSupplier busy;
  private final BooleanSupplier documents;
  private final int wanted;
  private final int workers;
  private final AtomicInteger begun = new AtomicInteger();
  private int answered;

  /**
   * @param settings {@code rehearsal.turns} says how many, {@code rehearsal.workers} how many at
   *     the same time
   * @param busy whether there is work
   * @param documents whether turns can be answered from documents, asked once and perhaps for
   *     seconds; where not, a process that serves does without the memory that Milvus' client takes
   */
  public Rehearsal(Settings settings, BooleanSupplier busy, BooleanSupplier documents) {
    this.settings = settings;
    this.busy = busy;
    this.documents = documents;
    this.wanted = settings.getInt("rehearsal.turns");
    this.workers = settings.getInt("rehearsal.workers");
  }

  /**
   * Begins in the background.
   *
   * @param end of this process, which was started to be recorded where many are rehearsed at a time
   */
  public void start(Runnable end) {
    if (wanted > 0 && Roles.of(settings).has("chat")) {
      begin(
          () -> {
            run();
            if (workers > 1) {
              end.run();
            }
          });
    }
  }

  /**
   * Rehearses until enough was.
   *
   * @return how many turns were answered with all that was asked for
   */
  public int run() {
    Aside.begin();
    try {
      Thread.sleep(BEGINS_AFTER_MILLIS);
      awaitIdle();
      LateClasses.initialize();
      if (workers > 1) {
        for (int enough = ROUND; enough < wanted + ROUND; enough += ROUND) {
          rehearse(Math.min(enough, wanted), true);
          awaitCompiler();
        }
      } else {
        rehearse(wanted, documents.getAsBoolean());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // as good as none
      return answered;
    } finally {
      Aside.end();
    }
    return answered;
  }

  /** On a platform of its own, until so many turns are done. */
  private void rehearse(int enough, boolean retrieving) throws Exception {
    try (StandInNats nats = new StandInNats();
        StandInValkey valkey = new StandInValkey();
        StandInModels models = new StandInModels();
        StandInMilvus milvus = retrieving ? new StandInMilvus() : null;
        Platform platform = new Platform(settings(nats, valkey, models, milvus))) {
      platform.start();
      List<Thread> all =
          Stream.generate(() -> begin(() -> ask(nats, enough, retrieving))).limit(workers).toList();
      for (Thread worker : all) {
        worker.join();
      }
      answered += nats.answered();
    }
    begun.set(enough);
  }

  /** While methods wait for C2, others are compiled without the counters that it needs. */
  private static void awaitCompiler() throws InterruptedException {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long before;
    long spent = -1;
    do {
      before = spent;
      Thread.sleep(COMPILES_WITHIN_MILLIS);
      spent = compiler.getTotalCompilationTime();
    } while (spent != before);
  }

  private static Thread begin(Runnable work) {
    Thread thread = new Thread(work, "rehearsal");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void ask(StandInNats nats, int enough, boolean retrieving) {
    try {
      for (int turn = begun.getAndIncrement(); turn < enough; turn = begun.getAndIncrement()) {
        if (workers == 1 && turn >= AT_ONCE) {
          Thread.sleep(REST_MILLIS);
        }
        awaitIdle();
        // every other one of many, so that an archive learns the code of both kinds
        byte[] request = request(turn, retrieving && (workers == 1 || turn % 2 == 0));
        if (!nats.turn(ID + turn % USERS, request, TURN_WITHIN_MILLIS)) {
          return;
        }
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

  private static byte[] request(int turn, boolean retrieves) {
    return CODEC.encode(
        Map.of(
            "request_id",
            ID + turn,
            "message",
            "Is it on?",
            "enable_rag",
            retrieves,
            "collection",
            turn % COLLECTIONS == 0 ? StandInMilvus.WITHOUT_WORDS : "documents"));
  }

  private Settings settings(
      StandInNats nats, StandInValkey valkey, StandInModels models, StandInMilvus milvus) {
    Map<String, String> changed =
        new HashMap<>(
            Map.of(
                "NATS_URL",
                "nats://" + nats.address(),
                "VALKEY_URL",
                "redis://" + valkey.address(),
                "VLLM_URL",
                "http://" + models.address() + "/v1",
                "EMBEDDINGS_URL",
                "http://" + models.address(),
                "RERANKER_URL",
                "http://" + models.address(),
                "ROUTES_ENABLED",
                "chat",
                "CAMEL_MAIN_NAME",
                "rehearsal",
                "CAMEL_MANAGEMENT_ENABLED",
                "false"));
    if (milvus != null) {
      changed.put("MILVUS_HOST", "127.0.0.1");
      changed.put("MILVUS_PORT", Integer.toString(milvus.port()));
      changed.put("MILVUS_TLS", "false");
    }
    return Settings.load(settings.path(""), changed);
  }
}
