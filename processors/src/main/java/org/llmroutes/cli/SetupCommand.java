package org.llmroutes.cli;

import io.nats.client.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.MilvusConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates what routes need and never create themselves. */
@Command(
    description =
        "Create or update the NATS streams and consumers of config/nats and the Milvus collection",
    mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {

  @Option(
      names = "--collection",
      converter = CollectionConverter.class,
      description = "The Milvus collection (default: ${DEFAULT-VALUE})")
  private String collection = "documents";

  @Override
  public Integer call() throws Exception {
    Settings settings = Clients.settings();
    PlatformServices services = PlatformServices.load(settings);
    try (Connection connection = Clients.connect(settings)) {
      List<String> changes =
          NatsSetup.apply(
              connection, settings.path("config/nats"), settings.getInt("nats.replicas"));
      changes.forEach(System.out::println);
      System.out.println(changes.isEmpty() ? "NATS is as defined" : "NATS is as defined now");
    }
    EmbeddingSpace space = HttpEmbeddings.of(services.embeddings()).space(Deadline.never());
    try (MilvusConnection milvus = new MilvusConnection(services.milvus())) {
      DocumentCollection collections = new DocumentCollection(milvus);
      boolean created = collections.ensure(collection, space);
      System.out.printf(
          "%s collection %s, %s%n",
          created ? "created" : "Milvus has", collection, collections.space(collection));
      try {
        collections.requireReaders(collection);
      } catch (StepException e) {
        System.out.println(e.getMessage() + "; until then nobody can read it");
      }
      if (!collections.searchableByWords(collection)) {
        System.out.println(
            "This Milvus has no BM25 (it came with 2.5): documents are found by meaning alone");
      }
    }
    return 0;
  }
}
