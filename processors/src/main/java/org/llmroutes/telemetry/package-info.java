/**
 * Traces, by OpenTelemetry where it is switched on and at no cost where it is not: no class outside
 * of {@code Otel…} names one of its types, so that none is loaded.
 */
package org.llmroutes.telemetry;
