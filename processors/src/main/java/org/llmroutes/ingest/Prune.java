package org.llmroutes.ingest;

/** Which documents an ingestion removes. */
public enum Prune {
  NONE,
  /** Those whose files are gone, unless their whole folder seems to be. */
  GONE,
  /** Also all those of a folder that has no files. */
  GONE_OR_EMPTY
}
