package org.llmroutes.doctor;

import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.StepException;

/** The embedding service, by the vector of one sentence. */
final class EmbeddingsCheck extends ServiceCheck {

  EmbeddingsCheck() {
    super("embeddings", "chat", "voice", "gateway");
  }

  @Override
  ServiceSettings settings(PlatformServices services) {
    return services.embeddings();
  }

  @Override
  void call(ServiceSettings service, Installation here, Findings found) {
    try {
      found.well("call", here.embeddingSpace().toString());
    } catch (StepException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(Reason.of(e), e);
    }
  }
}
