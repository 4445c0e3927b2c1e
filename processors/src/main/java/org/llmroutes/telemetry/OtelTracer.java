package org.llmroutes.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.llmroutes.metrics.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SDK of OpenTelemetry, as its own variables configure it, exporting by OTLP over HTTP. Spans
 * wait in a bounded queue, and are dropped where the collector does not take them.
 */
final class OtelTracer implements Tracer {
  private static final Logger LOG = LoggerFactory.getLogger(OtelTracer.class);

  /** Held, since the JDK forgets what is set on loggers that nobody holds. */
  private static final java.util.logging.Logger SDK_LOG =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final Pattern PROPERTY = Pattern.compile("otel(\\.[a-z]+)+");

  /** What a stop may take while the collector is slow or away. */
  private static final long ENDS_WITHIN_MILLIS = 1000;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "llm-routes",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.exporter.otlp.timeout", "5000",
          "otel.span.attribute.value.length.limit", "8192");

  /** Metrics are served to Prometheus, logs are written. */
  private static final Map<String, String> FIXED =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private static final TextMapGetter<UnaryOperator<String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(UnaryOperator<String> headers) {
          return TraceContext.NAMES;
        }

        @Override
        public String get(UnaryOperator<String> headers, String name) {
          String value = headers.apply(name);
          return value != null && TraceContext.isValid(name, value) ? value : null;
        }
      };

  private final OpenTelemetrySdk sdk;
  private final io.opentelemetry.api.trace.Tracer spans;
  private final TextMapPropagator propagator;
  private final OtelRing recent;
  private final boolean content;
  private final FunctionCounter dropped;

  private OtelTracer(OpenTelemetrySdk sdk, OtelRing recent, OtelDrops drops, boolean content) {
    this.sdk = sdk;
    this.spans = sdk.getTracer("org.llmroutes");
    this.propagator = sdk.getPropagators().getTextMapPropagator();
    this.recent = recent;
    this.content = content;
    this.dropped =
        FunctionCounter.builder("llm.routes.spans.dropped", drops, OtelDrops::count)
            .description("Spans that found no room in the queue to the collector")
            .register(Meters.registry());
  }

  /** Empty, with an error in the log, where the variables say what cannot be. */
  static Optional<Tracer> of(TracingSettings settings) {
    SDK_LOG.setLevel(Level.OFF);
    OtelRing recent = new OtelRing(settings.keptSpans());
    OtelDrops drops = new OtelDrops();
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(unused -> settings.properties())
              .addPropertiesCustomizer(unused -> FIXED)
              .addResourceCustomizer((resource, unused) -> instance().merge(resource))
              .addMeterProviderCustomizer((builder, unused) -> builder.registerMetricReader(drops))
              .addSpanExporterCustomizer((exporter, unused) -> new OtelLosses(exporter))
              .addTracerProviderCustomizer((builder, unused) -> builder.addSpanProcessor(recent))
              .build()
              .getOpenTelemetrySdk();
      return Optional.of(new OtelTracer(sdk, recent, drops, settings.keepsContent()));
    } catch (RuntimeException e) {
      LOG.error("No traces, because the environment asks for what cannot be: {}", words(e));
      LOG.debug("OpenTelemetry", e);
      return Optional.empty();
    }
  }

  /** The SDK speaks of its properties where people have set variables. */
  private static String words(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    return PROPERTY
        .matcher(said)
        .replaceAll(found -> found.group().toUpperCase(Locale.ROOT).replace('.', '_'));
  }

  private static Resource instance() {
    String version = OtelTracer.class.getPackage().getImplementationVersion();
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.version"),
            version == null ? "unknown" : version,
            AttributeKey.stringKey("service.instance.id"),
            UUID.randomUUID().toString()));
  }

  @Override
  public Span receive(Span.Kind kind, String name, UnaryOperator<String> headers) {
    return begin(propagator.extract(Context.root(), headers, HEADERS), kind, name, null, null);
  }

  @Override
  public Span continued(String traceparent) {
    Context elsewhere = context(traceparent);
    return new OtelSpan(
        this, io.opentelemetry.api.trace.Span.fromContext(elsewhere), elsewhere, null);
  }

  /** The context that a traceparent tells; the root where it is null or none. */
  static Context context(String traceparent) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), name -> "traceparent".equals(name) ? traceparent : null, HEADERS);
  }

  /**
   * @param at when it began, null for now
   * @param root null where it is part of nothing here
   */
  OtelSpan begin(Context parent, Span.Kind kind, String name, Instant at, OtelSpan root) {
    SpanBuilder builder =
        spans.spanBuilder(name).setParent(parent).setSpanKind(SpanKind.valueOf(kind.name()));
    if (at != null) {
      builder.setStartTimestamp(at);
    }
    io.opentelemetry.api.trace.Span span = builder.startSpan();
    return new OtelSpan(this, span, parent.with(span), root);
  }

  TextMapPropagator propagator() {
    return propagator;
  }

  @Override
  public List<SpanView> find(String requestId) {
    return recent.find(requestId);
  }

  @Override
  public boolean keepsContent() {
    return content;
  }

  @Override
  public void close() {
    Meters.registry().remove(dropped);
    sdk.shutdown().join(ENDS_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
  }
}
