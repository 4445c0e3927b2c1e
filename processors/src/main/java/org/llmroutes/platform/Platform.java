package org.llmroutes.platform;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.Connection;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.ingest.IngestionMeters;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.pipelines.PipelineEngine;
import org.llmroutes.telemetry.Tracing;
import org.llmroutes.turn.TurnMeters;

/** The running product: Camel with the routes and Kamelets of the project and what they share. */
public final class Platform implements AutoCloseable {
  private static final long ENDS_AFTER_ROUTES_SECONDS = 10;

  private final Main main = new RoutesMain();
  private final ProcessMetrics metrics = new ProcessMetrics();
  private final Optional<Vertx> management;
  private final Settings settings;
  private final Roles roles;
  private final Runnable stopTracing;
  private final Parts parts;
  private final CountDownLatch traced = new CountDownLatch(1);

  /** Makes the clients; none of their services needs to be there yet. */
  public Platform(Settings settings) throws Exception {
    this(settings, connect(settings));
  }

  private Platform(Settings settings, Connection nats) throws IOException {
    this(settings, nats, Parts.engines(settings, nats));
  }

  /**
   * The same with other engines.
   *
   * @param engines what runs pipelines, by the names that the catalogue uses
   */
  public Platform(Settings settings, Map<String, PipelineEngine> engines) throws Exception {
    this(settings, connect(settings), engines);
  }

  private static Connection connect(Settings settings) throws Exception {
    return NatsConnections.connectEventually(
        PlatformServices.load(settings).natsUrl(), settings.environment());
  }

  private Platform(Settings settings, Connection nats, Map<String, PipelineEngine> engines)
      throws IOException {
    this.settings = settings;
    this.roles = Roles.of(settings);
    this.stopTracing = Tracing.start(settings);
    this.parts = new Parts(settings, roles, nats, engines);
    this.management =
        settings.getBoolean("camel.management.enabled")
            ? Optional.of(new PlainVertx())
            : Optional.empty();
    management.ifPresent(vertx -> main.bind("management", vertx));
    parts.beans().forEach(main::bind);
    main.bind("metrics", metrics.registry());
    showMetrics();
    List<HealthCheck> checks = HealthChecks.of(settings, nats, parts.streams());
    main.addMainListener(new FirstContacts(parts.firstContacts()));
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterConfigure(BaseMainSupport support) {
            register(support.getCamelContext(), checks);
            parts.services().forEach(service -> serve(support.getCamelContext(), service));
          }

          @Override
          public void afterStart(BaseMainSupport support) {
            TracesEndpoint.serve(
                support.getCamelContext(), ServerAddress.ofHealth(settings.environment()).port());
          }
        });
    // the usual one adds a hook, which keeps all of this and holds up the end of a process of
    // others
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.setDefaultPropertyPlaceholderLocation("false");
    main.setOverrideProperties(properties());
  }

  /** From the start on, so that rates can be told of the first event. */
  private void showMetrics() {
    for (String role : List.of("chat", "voice")) {
      if (roles.has(role)) {
        TurnMeters.of(role);
      }
    }
    if (roles.has("pipeline")) {
      IngestionMeters.show();
    }
    parts.services().stream()
        .filter(MeterBinder.class::isInstance)
        .forEach(part -> metrics.show((MeterBinder) part));
  }

  private static void register(CamelContext context, List<HealthCheck> checks) {
    HealthCheckRegistry registry = HealthCheckRegistry.get(context);
    checks.forEach(registry::register);
  }

  /** Starts and stops with Camel. */
  private static void serve(CamelContext context, Service service) {
    try {
      context.addService(service);
    } catch (Exception e) {
      throw RuntimeCamelException.wrapRuntimeException(e);
    }
  }

  private Properties properties() throws IOException {
    Properties properties = settings.all();
    properties.setProperty(
        "camel.main.routesIncludePattern",
        roles.files(settings.path("routes")).stream()
            .map(file -> "file:" + file)
            .collect(Collectors.joining(",")));
    properties.setProperty("camel.component.kamelet.location", "file:" + settings.path("kamelets"));
    ServerAddress health = ServerAddress.ofHealth(settings.environment());
    properties.setProperty("camel.management.host", health.host());
    properties.setProperty("camel.management.port", Integer.toString(health.port()));
    return properties;
  }

  /** To be called before the start: routes and Kamelets are then served as they are edited. */
  public void watch() {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport support) {
            try {
              support
                  .getCamelContext()
                  .addStartupListener(new LiveReload(settings.path(""), roles));
            } catch (Exception e) {
              throw RuntimeCamelException.wrapRuntimeException(e);
            }
          }
        });
  }

  /** To be called before the start: done once the routes run. */
  public void afterStart(Runnable action) {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterStart(BaseMainSupport support) {
            action.run();
          }
        });
  }

  /** Whether a turn is in work. */
  public boolean isBusy() {
    return parts.isBusy();
  }

  /** Whether Milvus can be asked; connects to it where that is not done yet, within ten seconds. */
  public boolean reachesMilvus() {
    return parts.reachesMilvus();
  }

  /** Starts Camel; returns once the routes run, with or without the services behind them. */
  public CamelContext start() throws Exception {
    main.start();
    return main.getCamelContext();
  }

  /** Blocks until the process is asked to end, or {@link #end} is called. */
  public void run() throws Exception {
    if (Tracing.isOn()) {
      // Camel's own hook waits for the routes alone
      Runtime.getRuntime().addShutdownHook(new Thread(this::awaitTraces, "last-spans"));
    }
    main.setShutdownStrategy(new DefaultMainShutdownStrategy(main));
    main.run();
  }

  /** Has {@link #run} return. */
  public void end() {
    main.completed();
  }

  /** The process does not end before it has tried to hand on its last spans. */
  private void awaitTraces() {
    try {
      long routes = main.configure().getShutdownTimeout();
      traced.await(routes + ENDS_AFTER_ROUTES_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    main.stop();
    management.ifPresent(Vertx::close);
    parts.close();
    stopTracing.run();
    traced.countDown();
    metrics.close();
  }
}
