package org.llmroutes.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.llmroutes.config.Settings;
import org.llmroutes.progress.Progress;

/** Asks all parts at the same time, each no longer than is waited for. */
public final class Doctor {
  /** In the order of the table: first what others stand on. */
  static final List<Check> CHECKS =
      List.of(
          new SettingsCheck(),
          new MachineCheck(),
          new NatsCheck(),
          new StreamsCheck(),
          new ConsumersCheck(),
          new PermissionsCheck(),
          new DeadLettersCheck(),
          new ValkeyCheck(),
          new MilvusCheck(),
          new LlmCheck(),
          new EmbeddingsCheck(),
          new RerankerCheck(),
          new WhisperCheck(),
          new TtsCheck(),
          new PipelinesCheck(),
          new ArgoCheck(),
          new KubeflowCheck(),
          new CredentialsCheck(),
          new KeysCheck(),
          new OidcCheck(),
          new ClockCheck(),
          new RoutesCheck(),
          new GatewayCheck());

  /** What a check may still need after its deadline to say what it has found. */
  private static final Duration LAST_WORDS = Duration.ofMillis(1500);

  private Doctor() {}

  /** The names of all parts. */
  public static Set<String> parts() {
    return CHECKS.stream().map(Check::part).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Looks at an installation; nothing there is changed.
   *
   * @param parts those that are asked
   * @param collection the Milvus collection that chat answers from
   * @param within how long each may take
   * @param progress told of parts that have answered
   */
  public static List<Finding> look(
      Settings settings, Set<String> parts, String collection, Duration within, Progress progress)
      throws InterruptedException {
    Secrets secrets = new Secrets(settings);
    Semaphore ends = new Semaphore(0);
    List<Consultation> all = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool(Doctor::thread);
    try (Installation here = new Installation(settings, collection, within)) {
      for (Check check : CHECKS) {
        if (parts.contains(check.part())) {
          all.add(new Consultation(check, here, secrets, ends::release));
        }
      }
      all.forEach(threads::execute);
      await(ends, all.size(), within.plus(LAST_WORDS), progress);
      return all.stream().flatMap(one -> one.findings(within).stream()).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(Semaphore ends, int all, Duration within, Progress progress)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    for (int done = 1; done <= all; done++) {
      if (!ends.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
      progress.advanced(done, all);
    }
  }

  private static Thread thread(Runnable check) {
    Thread thread = new Thread(check, "check");
    thread.setDaemon(true);
    return thread;
  }
}
