package org.llmroutes.testing;

import static org.awaitility.Awaitility.await;

import org.llmroutes.config.MilvusSettings;
import org.llmroutes.local.MilvusLite;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.MilvusConnection;

/**
 * One real Milvus Lite for all tests of this JVM, with which it ends; each has collections of its
 * own.
 */
public final class TestMilvus {
  private static MilvusSettings settings;
  private static MilvusConnection connection;

  private TestMilvus() {}

  /** Where it is. */
  public static synchronized MilvusSettings settings() {
    if (settings == null) {
      MilvusLite server = new MilvusLite(Scratch.folder("milvus"), 0);
      server.start();
      settings = MilvusSettings.plain(server.host(), server.port());
    }
    return settings;
  }

  public static synchronized MilvusConnection connection() {
    if (connection == null) {
      connection = new MilvusConnection(settings());
      DocumentCollection collections = new DocumentCollection(connection);
      // its first answer may take longer than a request would wait for it
      await().ignoreExceptions().until(() -> !collections.serverVersion().isEmpty());
    }
    return connection;
  }
}
