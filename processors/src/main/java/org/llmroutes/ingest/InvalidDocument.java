package org.llmroutes.ingest;

/** A file that cannot be ingested; the message is the reason, for the user. */
final class InvalidDocument extends Exception {
  InvalidDocument(String reason) {
    super(reason);
  }

  InvalidDocument(String reason, Throwable cause) {
    super(reason, cause);
  }
}
