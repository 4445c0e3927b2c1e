package org.llmroutes.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llmroutes.retrieval.ModificationDate;

/** Makes of a file what is to be written of it. */
final class DocumentReader {
  private final Reading reading;
  private final IngestionLimits limits;
  private final Chunker chunker;
  private final String model;
  private final Map<String, Object> metadata;

  /**
   * @param model name of the embedding model
   * @param metadata of every document, before what it says itself
   */
  DocumentReader(
      Reading reading,
      IngestionLimits limits,
      Chunker chunker,
      String model,
      Map<String, Object> metadata) {
    this.reading = reading;
    this.limits = limits;
    this.chunker = chunker;
    this.model = model;
    this.metadata = metadata;
  }

  /**
   * A file that was read.
   *
   * @param changed whether it is another one than the collection has
   * @param bytes its size
   * @param warnings of its parser; empty where it has not changed
   * @param version to write; it has no chunks where the file has no text or has not changed
   */
  record Content(boolean changed, int bytes, List<Warning> warnings, NewVersion version) {}

  /**
   * @param stored what the collection has of it; its hash is no hash where it has nothing
   * @param known whether the collection has anything of it
   */
  Content read(SourceFile file, StoredVersion stored, boolean known) throws InvalidDocument {
    return reading.of(() -> content(file, stored, known));
  }

  private Content content(SourceFile file, StoredVersion stored, boolean known)
      throws InvalidDocument {
    byte[] bytes = file.read(limits.fileBytes());
    String hash = Fingerprint.version(bytes, metadata, model);
    if (hash.equals(stored.hash())) {
      NewVersion same =
          new NewVersion(file.document(), known, hash, stored.leftOut(), Map.of(), List.of());
      return new Content(false, bytes.length, List.of(), same);
    }
    ParsedDocument parsed = file.format().parse(file.path(), bytes);
    Map<String, Object> fields = new HashMap<>(parsed.metadata());
    fields.putAll(metadata);
    fields.putIfAbsent(ModificationDate.FIELD, file.modified().toString());
    NewVersion version =
        new NewVersion(file.document(), known, hash, lacks(parsed), fields, chunker.chunks(parsed));
    return new Content(true, bytes.length, parsed.warnings(), version);
  }

  private static String lacks(ParsedDocument parsed) {
    return parsed.warnings().stream()
        .filter(Warning::leftOut)
        .map(Warning::reason)
        .collect(Collectors.joining("; "));
  }
}
