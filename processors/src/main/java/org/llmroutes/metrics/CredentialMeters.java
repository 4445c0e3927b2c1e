package org.llmroutes.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.support.service.ServiceSupport;
import org.llmroutes.config.CredentialFiles;

/**
 * When credentials end, asked again every minute: they are renewed while a process runs. One that
 * says nothing of an end is not shown.
 */
public final class CredentialMeters extends ServiceSupport implements MeterBinder {
  private final Map<String, Supplier<Optional<Instant>>> ends;
  private final List<MultiGauge> gauges = new ArrayList<>();
  private ScheduledExecutorService clock;

  /**
   * @param ends when each ends, by what it is called
   */
  public CredentialMeters(Map<String, Supplier<Optional<Instant>>> ends) {
    this.ends = ends;
  }

  /** When those in the files end that the environment names. */
  public static Map<String, Supplier<Optional<Instant>>> inFiles(Map<String, String> environment) {
    Map<String, Supplier<Optional<Instant>>> ends = new TreeMap<>();
    files(environment).forEach((name, file) -> ends.put(name, () -> expiry(file)));
    return ends;
  }

  /** The files with credentials that the environment names, by what they are called here. */
  public static Map<String, Path> files(Map<String, String> environment) {
    Map<String, Path> files = new TreeMap<>();
    for (String variable : CredentialFiles.THAT_MAY_END) {
      String file = environment.getOrDefault(variable, "");
      if (!file.isBlank()) {
        files.put(label(variable), Path.of(file));
      }
    }
    return files;
  }

  /** For instance {@code nats-creds}. */
  private static String label(String variable) {
    return variable.replaceFirst("_FILE$", "").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauges.add(
        MultiGauge.builder("llm.routes.credential.expiry.timestamp.seconds")
            .description("When a credential ends, in seconds since 1970")
            .register(registry));
    read();
  }

  private void read() {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    ends.forEach(
        (name, known) ->
            known
                .get()
                .ifPresent(
                    end ->
                        rows.add(
                            MultiGauge.Row.of(Tags.of("credential", name), end.getEpochSecond()))));
    gauges.forEach(gauge -> gauge.register(rows, true));
  }

  private static Optional<Instant> expiry(Path file) {
    try {
      return Expiry.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  protected void doStart() {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "credential-meters");
              thread.setDaemon(true);
              return thread;
            });
    clock.scheduleWithFixedDelay(this::read, 1, 1, TimeUnit.MINUTES);
  }

  @Override
  protected void doStop() {
    clock.shutdownNow();
  }
}
