package org.llmroutes.tests;

import org.llmroutes.config.PlatformServices;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.MilvusConnection;

/** What there is to answer from. */
final class Documents {
  private Documents() {}

  static void ensure(PlatformServices services) {
    try (MilvusConnection milvus = new MilvusConnection(services.milvusUri())) {
      new DocumentCollection(milvus).ensure("documents", 384);
    }
  }
}
