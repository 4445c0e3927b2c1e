package org.llmroutes.platform;

import io.nats.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.nats.StreamsHealth;

/** What {@code /observe/health} asks beside the consumers of the routes. */
final class HealthChecks {
  private HealthChecks() {}

  static List<HealthCheck> of(Settings settings, Connection nats) throws IOException {
    PlatformServices services = PlatformServices.load(settings);
    List<HealthCheck> checks = new ArrayList<>();
    checks.add(new StreamsHealth(nats, settings.path("config/nats")));
    checks.add(new ServiceHealth("llm", services.llm().url()));
    checks.add(new ServiceHealth("embeddings", services.embeddings().url()));
    if (!"none".equals(services.reranker().protocol())) {
      checks.add(new ServiceHealth("reranker", services.reranker().url()));
    }
    checks.add(new ServiceHealth("whisper", services.whisper().url()));
    checks.add(new ServiceHealth("tts", services.tts().url()));
    checks.add(new ServiceHealth("milvus", services.milvus().uri()));
    checks.add(new ServiceHealth("valkey", services.valkeyUrl()));
    return checks;
  }
}
