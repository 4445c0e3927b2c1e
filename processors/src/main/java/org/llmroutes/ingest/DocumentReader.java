package org.llmroutes.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.retrieval.ModificationDate;

/** Makes of a file what is to be written of it. */
final class DocumentReader {
  private final Reading reading;
  private final IngestionLimits limits;
  private final Chunker chunker;
  private final String model;
  private final IngestionRequest request;
  private final List<String> defaultReaders;

  /**
   * @param model name of the embedding model
   * @param request whose readers and metadata count before what a document says itself
   * @param defaultReaders of a new document of which nothing says who reads it
   */
  DocumentReader(
      Reading reading,
      IngestionLimits limits,
      Chunker chunker,
      String model,
      IngestionRequest request,
      List<String> defaultReaders) {
    this.reading = reading;
    this.limits = limits;
    this.chunker = chunker;
    this.model = model;
    this.request = request;
    this.defaultReaders = defaultReaders;
  }

  /**
   * A file that was read.
   *
   * @param changed whether it is another one than the collection has
   * @param readersChanged whether it has other readers there
   * @param bytes its size
   * @param warnings of its parser; empty where it has not changed
   * @param version to write; it has no chunks where the file has no text or has not changed
   */
  record Content(
      boolean changed,
      boolean readersChanged,
      int bytes,
      List<Warning> warnings,
      NewVersion version) {}

  /**
   * @param stored what the collection has of it
   */
  Content read(SourceFile file, Optional<StoredDocument> stored) throws InvalidDocument {
    return reading.of(() -> content(file, stored));
  }

  private Content content(SourceFile file, Optional<StoredDocument> stored) throws InvalidDocument {
    byte[] bytes = file.read(limits.fileBytes());
    StatedReaders stated = file.format().readers(bytes);
    List<String> had = stored.map(StoredDocument::readers).orElse(List.of());
    List<String> readers = readers(stated, had);
    Map<String, Object> metadata = request.metadata();
    String hash = Fingerprint.version(stated.rest(), metadata, model);
    Optional<StoredVersion> same =
        stored.map(StoredDocument::version).filter(version -> version.hash().equals(hash));
    if (same.isPresent()) {
      NewVersion there =
          new NewVersion(
              file.document(), true, hash, same.get().leftOut(), readers, Map.of(), List.of());
      return new Content(false, !readers.equals(had), bytes.length, List.of(), there);
    }
    ParsedDocument parsed = file.format().parse(file.contents().name(), bytes);
    Map<String, Object> fields = new HashMap<>(parsed.metadata());
    fields.putAll(metadata);
    fields.putIfAbsent(ModificationDate.FIELD, file.contents().modified().toString());
    NewVersion version =
        new NewVersion(
            file.document(),
            stored.isPresent(),
            hash,
            lacks(parsed),
            readers,
            fields,
            chunker.chunks(parsed));
    return new Content(true, !readers.equals(had), bytes.length, parsed.warnings(), version);
  }

  /**
   * A document keeps those that it has until somebody says others: nothing becomes public unsaid.
   */
  private List<String> readers(StatedReaders stated, List<String> had) {
    return Stream.of(request.readers(), stated.readers(), had)
        .filter(readers -> !readers.isEmpty())
        .findFirst()
        .orElse(defaultReaders);
  }

  private static String lacks(ParsedDocument parsed) {
    return parsed.warnings().stream()
        .filter(Warning::leftOut)
        .map(Warning::reason)
        .collect(Collectors.joining("; "));
  }
}
