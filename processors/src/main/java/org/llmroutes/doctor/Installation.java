package org.llmroutes.doctor;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.config.Settings;
import org.llmroutes.http.Deadline;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.pipelines.argo.ArgoEngine;
import org.llmroutes.pipelines.kubeflow.KubeflowEngine;
import org.llmroutes.platform.Roles;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.HttpEmbeddings;

/** What is looked at: its settings, and what several checks ask, asked once. */
final class Installation implements AutoCloseable {
  private final Settings settings;
  private final PlatformServices services;
  private final String collection;
  private final Deadline deadline;
  private final Once<Roles> roles;
  private final Once<Connection> nats;
  private final Once<EmbeddingSpace> embeddingSpace;

  /**
   * @param collection whose documents chat answers from
   * @param within how long a check may wait for answers
   */
  Installation(Settings settings, String collection, Duration within) {
    this.settings = settings;
    this.services = PlatformServices.load(settings);
    this.collection = collection;
    this.deadline = Deadline.in(within);
    this.roles = new Once<>(() -> Roles.of(settings));
    this.nats =
        new Once<>(() -> NatsConnections.connect(services.natsUrl(), settings.environment()));
    this.embeddingSpace =
        new Once<>(() -> HttpEmbeddings.of(once(services.embeddings())).space(deadline));
  }

  Settings settings() {
    return settings;
  }

  PlatformServices services() {
    return services;
  }

  String collection() {
    return collection;
  }

  Deadline deadline() {
    return deadline;
  }

  /** Whether one of these roles is in use here; wrong settings are told by their own check. */
  boolean has(String... some) {
    try {
      for (String role : some) {
        if (roles.get().has(role)) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      throw new NotAsked("routes.enabled", e);
    }
  }

  /** The service as it is asked here: one call, that fails soon. */
  static ServiceSettings once(ServiceSettings service) {
    return service.withResilience(Resilience.none());
  }

  /** To be asked by the check of NATS. */
  Connection connect() throws Exception {
    return nats.get();
  }

  /** For the checks of what is on NATS. */
  Connection nats() {
    try {
      return nats.get();
    } catch (Exception e) {
      throw new NotAsked("NATS", e);
    }
  }

  /** The engines that this installation has, by the names that the catalogue uses. */
  List<String> engines() {
    List<String> engines = new ArrayList<>(List.of("local"));
    ArgoEngine.of(settings.environment())
        .ifPresent(
            argo -> {
              argo.close();
              engines.add("argo");
            });
    KubeflowEngine.of(settings.environment())
        .ifPresent(
            kubeflow -> {
              kubeflow.close();
              engines.add("kubeflow");
            });
    return engines;
  }

  /** Of the vectors that the embedding service makes. */
  EmbeddingSpace embeddingSpace() throws Exception {
    return embeddingSpace.get();
  }

  @Override
  public void close() throws InterruptedException {
    Connection made = nats.made();
    if (made != null) {
      made.close();
    }
  }
}
