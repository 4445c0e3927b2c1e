package org.llmroutes.ingest;

/** Told how an ingestion goes on, by the thread that does it. */
public interface IngestionProgress {

  /**
   * @param done files read so far
   * @param total files to read
   */
  void advanced(int done, int total);

  /** Asked before every file and batch; true ends the ingestion, which can be run again. */
  boolean cancelled();
}
