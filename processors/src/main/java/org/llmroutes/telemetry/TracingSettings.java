package org.llmroutes.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llmroutes.config.Settings;

/**
 * Whether there are traces and where they go, by OpenTelemetry's own variables.
 *
 * @param isOn whether one of them names a collector, or {@code telemetry.local} is set
 * @param properties what the variables say, as the SDK's properties
 * @param keptSpans the newest spans that are kept here, ended or not
 * @param keepsContent whether spans may say what was asked and answered
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">Environment
 *     variables of the SDK</a>
 */
record TracingSettings(
    boolean isOn, Map<String, String> properties, int keptSpans, boolean keepsContent) {
  private static final List<String> NAME_A_COLLECTOR =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  private static final String EXPORTER = "otel.traces.exporter";
  private static final String NONE = "none";

  static TracingSettings of(Settings settings) {
    Map<String, String> environment = settings.environment();
    boolean local = settings.getBoolean("telemetry.local");
    boolean disabled = "true".equalsIgnoreCase(said(environment, "OTEL_SDK_DISABLED"));
    boolean exported =
        NAME_A_COLLECTOR.stream().anyMatch(name -> !said(environment, name).isEmpty())
            && !NONE.equalsIgnoreCase(said(environment, "OTEL_TRACES_EXPORTER"));
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_") && !value.isBlank()) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value.strip());
          }
        });
    if (!exported) {
      properties.put(EXPORTER, NONE);
    }
    return new TracingSettings(
        !disabled && (exported || local),
        properties,
        settings.getInt("telemetry.kept-spans"),
        settings.getBoolean("telemetry.content"));
  }

  private static String said(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
