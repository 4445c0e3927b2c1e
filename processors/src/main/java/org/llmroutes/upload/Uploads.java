package org.llmroutes.upload;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.ObjectStore;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.ingest.GivenDocument;

/**
 * Uploaded documents in the JetStream object store bucket {@code ai-uploads}, each under its user
 * and the id of its request. Once it is ingested an object keeps what became of it in place of the
 * document, so that a run that is looked at again does not begin anew. Objects expire. Safe for
 * concurrent use.
 */
public final class Uploads {
  private static final String BUCKET = "ai-uploads";
  private static final String NAME = "document";
  private static final String COLLECTION = "collection";
  private static final String READERS = "readers";
  private static final String OUTCOME = "outcome";

  /** No reader has it. */
  private static final String BETWEEN = "\n";

  private final Connection connection;

  public Uploads(Connection connection) {
    this.connection = connection;
  }

  private interface Use<T> {
    T of(ObjectStore bucket)
        throws IOException, JetStreamApiException, NoSuchAlgorithmException, InterruptedException;
  }

  /** Keeps it; an earlier one of the same user and id is replaced. */
  public void put(String userId, String id, UploadedDocument upload) {
    Map<String, String> facts =
        Map.of(
            NAME,
            upload.document().name(),
            COLLECTION,
            upload.collection(),
            READERS,
            String.join(BETWEEN, upload.readers()));
    put(userId, id, facts, upload.document().bytes());
  }

  /** Notes what became of it, and keeps no more than that. */
  public void ingested(String userId, String id, String outcome) {
    put(userId, id, Map.of(OUTCOME, outcome), new byte[0]);
  }

  private void put(String userId, String id, Map<String, String> facts, byte[] bytes) {
    ObjectMeta meta = ObjectMeta.builder(object(userId, id)).metadata(facts).build();
    use(bucket -> bucket.put(meta, new ByteArrayInputStream(bytes)));
  }

  /** What became of it; empty where it was not ingested yet. */
  public Optional<String> outcome(String userId, String id) {
    return use(
        bucket ->
            Optional.ofNullable(bucket.getInfo(object(userId, id)))
                .map(info -> info.getMetaData().get(OUTCOME)));
  }

  /** Empty where there is none, as after a day. */
  public Optional<UploadedDocument> get(String userId, String id) {
    return use(
        bucket -> {
          ObjectInfo info = bucket.getInfo(object(userId, id));
          if (info == null || !info.getMetaData().containsKey(NAME)) {
            return Optional.empty();
          }
          ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) info.getSize());
          bucket.get(info.getObjectName(), bytes);
          Map<String, String> facts = info.getMetaData();
          return Optional.of(
              new UploadedDocument(
                  new GivenDocument(
                      facts.get(NAME), bytes.toByteArray(), info.getModified().toInstant()),
                  facts.get(COLLECTION),
                  List.of(facts.get(READERS).split(BETWEEN))));
        });
  }

  private <T> T use(Use<T> use) {
    try {
      return use.of(connection.objectStore(BUCKET));
    } catch (IOException | JetStreamApiException | NoSuchAlgorithmException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private static TurnException unavailable(Exception cause) {
    return new TurnException(
        ErrorCode.UNAVAILABLE, "The object store " + BUCKET + " cannot be used", cause);
  }

  private static String object(String userId, String id) {
    return userId + "/" + id;
  }
}
