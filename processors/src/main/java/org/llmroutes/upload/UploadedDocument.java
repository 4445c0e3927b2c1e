package org.llmroutes.upload;

import java.util.List;
import org.llmroutes.ingest.GivenDocument;

/**
 * A document as somebody has sent it.
 *
 * @param collection where it shall be
 * @param readers as {@link org.llmroutes.retrieval.Readers} makes them; never empty
 */
public record UploadedDocument(GivenDocument document, String collection, List<String> readers) {}
