package org.llmroutes.progress;

/** Told how a long piece of work goes on, by one thread at a time. */
public interface Progress {

  /**
   * @param done items finished so far: files, lines
   * @param total items in all
   */
  void advanced(long done, long total);

  /** Asked again and again; true ends the work, which can be begun again and then goes on. */
  boolean cancelled();
}
