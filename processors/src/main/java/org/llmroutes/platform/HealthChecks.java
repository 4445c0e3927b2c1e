package org.llmroutes.platform;

import io.nats.client.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.config.Settings;
import org.llmroutes.nats.StreamDefinition;
import org.llmroutes.nats.StreamsHealth;

/** What {@code /observe/health} asks beside the consumers of the routes. */
final class HealthChecks {
  private HealthChecks() {}

  static List<HealthCheck> of(Settings settings, Connection nats, List<StreamDefinition> streams) {
    PlatformServices services = PlatformServices.load(settings);
    List<HealthCheck> checks = new ArrayList<>();
    checks.add(new StreamsHealth(nats, streams));
    Stream.of(
            services.llm(),
            services.embeddings(),
            services.reranker(),
            services.whisper(),
            services.tts())
        .filter(ServiceSettings::isThere)
        .forEach(service -> checks.add(new ServiceHealth(service.name(), service.url())));
    checks.add(new ServiceHealth("milvus", services.milvus().uri()));
    checks.add(new ServiceHealth("valkey", services.valkey().url()));
    return checks;
  }
}
