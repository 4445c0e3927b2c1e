package org.llmroutes.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principal;
import org.llmroutes.identity.Principals;
import org.llmroutes.ingest.GivenDocument;
import org.llmroutes.pipelines.Catalogue;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.Readers;
import org.llmroutes.turn.TurnProcessor;
import org.llmroutes.upload.UploadName;
import org.llmroutes.upload.UploadedDocument;
import org.llmroutes.upload.Uploads;

/**
 * Keeps the {@code file} of a form for the collection that the variable {@code collection} names,
 * if whoever asks may run the pipeline that the variable {@code name} names; the body becomes the
 * parameters of that run. Its readers are those that the field {@code readers} says, and without it
 * whoever asks alone, whatever the document says itself.
 */
public class StoreUpload extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    Map<?, ?> asked = exchange.getMessage().getBody(Map.class);
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    String pipeline = exchange.getVariable("name", String.class);
    if (service(Catalogue.class)
        .find(pipeline)
        .filter(known -> known.isAllowed(identity.userId()))
        .isEmpty()) {
      throw new HttpProblem(
          403, "forbidden", "You may not run the pipeline " + pipeline + ", which ingests", false);
    }
    String id = exchange.getVariable(HttpTurnsConstants.REQUEST_ID, String.class);
    UploadedDocument upload =
        new UploadedDocument(
            document(asked.get("file"), identity),
            collection(exchange.getVariable("collection", String.class)),
            readers(asked.get("readers"), identity));
    service(Uploads.class).put(identity.userId(), id, upload);
    exchange.getMessage().setBody(Map.of("parameters", Map.of("upload", id)));
  }

  private static GivenDocument document(Object file, Identity identity) {
    if (!(file instanceof Upload sent)) {
      throw HttpProblem.ofField("file", "is required: one file of the form");
    }
    try {
      String name = UploadName.of(identity.userId(), sent.name());
      return new GivenDocument(name, sent.bytes(), Instant.now());
    } catch (IllegalArgumentException e) {
      throw HttpProblem.ofField("file", e.getMessage());
    }
  }

  private static String collection(String name) {
    if (!DocumentCollection.isName(name)) {
      throw HttpProblem.ofField("collection", "must be letters, digits and _");
    }
    return name;
  }

  /** Nobody puts words into the answers of people that one is not among. */
  private List<String> readers(Object written, Identity identity) {
    if (written == null || written instanceof String text && text.isBlank()) {
      return List.of(Principal.user(identity.userId()));
    } else if (!(written instanceof String text)) {
      throw HttpProblem.ofField("readers", "must be text, separated by commas");
    } else {
      return own(text, service(Principals.class).of(identity.userId()));
    }
  }

  private static List<String> own(String written, List<String> principals) {
    List<String> readers;
    try {
      readers = Readers.parse(written);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.ofField("readers", e.getMessage());
    }
    if (!principals.containsAll(readers)) {
      throw new HttpProblem(
          403, "forbidden", "readers: must be some of " + String.join(", ", principals), false);
    }
    return readers;
  }
}
