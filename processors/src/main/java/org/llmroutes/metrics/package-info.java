/** What is measured of this process, for Prometheus; docs/observability.md lists it. */
package org.llmroutes.metrics;
