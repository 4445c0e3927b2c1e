package org.llmroutes.platform;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.llmroutes.metrics.Meters;

/**
 * All metrics of a running platform: what is counted in this process, what its parts show, and the
 * process itself.
 */
final class ProcessMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  ProcessMetrics() {
    // their names break the rules of Prometheus for names
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    Meters.registry().add(registry);
    List.of(
            new JvmMemoryMetrics(),
            collector,
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(binder -> binder.bindTo(registry));
    Gauge.builder("llm.routes.build.info", () -> 1)
        .description("Always 1; the version of llm-routes and of Java")
        .tag("version", version())
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** What the jar says; classes without one have no version. */
  private static String version() {
    String version = ProcessMetrics.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  /** For Camel, which serves it. */
  PrometheusMeterRegistry registry() {
    return registry;
  }

  void show(MeterBinder part) {
    part.bindTo(registry);
  }

  @Override
  public void close() {
    Meters.registry().remove(registry);
    collector.close();
    registry.close();
  }
}
