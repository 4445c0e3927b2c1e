package org.llmroutes.doctor;

import java.util.Optional;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.retrieval.CollectionReport;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.MilvusConnection;

/** Where documents are, and whether questions can be answered from them. */
final class MilvusCheck implements Check {

  @Override
  public String part() {
    return "milvus";
  }

  @Override
  public void look(Installation here, Findings found) {
    if (!here.has("chat", "voice", "gateway")) {
      found.notUsed("", "by none of the roles in use");
      return;
    }
    MilvusSettings settings = here.services().milvus();
    try (MilvusConnection milvus = new MilvusConnection(settings)) {
      DocumentCollection collections = new DocumentCollection(milvus);
      found.well(
          "connection", "version %s at %s".formatted(collections.serverVersion(), settings.uri()));
      collection(here, collections, found);
    } catch (StepException e) {
      found.notWell(
          "connection",
          e.getMessage(),
          "start it, or MILVUS_HOST and MILVUS_PORT name another one; see what is said of it");
    }
  }

  private static void collection(
      Installation here, DocumentCollection collections, Findings found) {
    String name = here.collection();
    Optional<CollectionReport> report;
    try {
      report = collections.report(name);
    } catch (StepException e) {
      if (e.code() != ErrorCode.REJECTED) {
        throw e;
      }
      found.notWell(
          "collection",
          e.getMessage(),
          "drop it, or `setup --collection` makes another one that requests name");
      return;
    }
    if (report.isEmpty()) {
      found.notWell("collection", "there is no collection " + name, "`setup` creates it");
      return;
    }
    CollectionReport there = report.get();
    found.well(
        "collection",
        "%s: about %d chunks, %s, searched by %s, %s"
            .formatted(
                name,
                there.chunks(),
                there.space(),
                there.words() ? "meaning and words" : "meaning alone",
                there.loaded() ? "loaded" : "loaded by the first search"));
    readers(here, name, there, found);
    model(here, name, there.space(), found);
  }

  private static void readers(
      Installation here, String name, CollectionReport there, Findings found) {
    if (there.readers()) {
      found.well("readers", "its chunks say who may read them");
    } else if (here.settings().getList("retrieval.unrestricted-collections").contains(name)) {
      found.warning(
          "readers",
          "its chunks do not say who may read them; everybody may",
          "`setup`, then ingest its documents again, and take it out of retrieval.unrestricted-collections");
    } else {
      found.notWell(
          "readers",
          "it is from before documents had readers, so nobody can read it",
          "`setup`, then ingest its documents again; RETRIEVAL_UNRESTRICTED_COLLECTIONS opens it to everybody");
    }
  }

  private static void model(Installation here, String name, EmbeddingSpace made, Findings found) {
    EmbeddingSpace served;
    try {
      served = here.embeddingSpace();
    } catch (Exception e) {
      found.notAsked("model", "the embedding service does not say which vectors it makes");
      return;
    }
    if (made.isSame(served)) {
      found.well("model", "its vectors are those of the embedding service");
    } else {
      found.notWell(
          "model",
          "it holds %s, the embedding service gives %s".formatted(made, served),
          "EMBEDDINGS_URL and EMBEDDINGS_MODEL name that model again, or ingest into another collection: `setup --collection`");
    }
  }
}
