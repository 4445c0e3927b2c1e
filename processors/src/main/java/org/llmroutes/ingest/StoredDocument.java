package org.llmroutes.ingest;

import java.util.List;

/**
 * A document as the collection has it.
 *
 * @param readers empty where its chunks are from before they had some
 */
record StoredDocument(StoredVersion version, List<String> readers) {}
