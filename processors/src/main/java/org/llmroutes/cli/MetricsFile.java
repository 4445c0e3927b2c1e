package org.llmroutes.cli;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command counted, at its end, in the file that {@code LLM_ROUTES_METRICS_FILE} names: a
 * process that ends cannot be scraped.
 *
 * @see <a href="https://github.com/prometheus/node_exporter#textfile-collector">Textfile
 *     collector</a>
 */
final class MetricsFile {
  static final String VARIABLE = "LLM_ROUTES_METRICS_FILE";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsFile.class);

  private final Path file;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** To be made before anything is counted. */
  MetricsFile(Path file) {
    this.file = file.toAbsolutePath();
    Metrics.addRegistry(registry);
  }

  /** In one move, so that nobody reads half of it. */
  void write() {
    try {
      // the collector, which may be another user, reads no name but .prom
      Path whole = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(whole, registry.scrape());
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("{} cannot be written: {}", VARIABLE, e.toString());
    }
  }
}
