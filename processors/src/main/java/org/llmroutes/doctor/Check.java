package org.llmroutes.doctor;

/**
 * Asks one part of an installation. Another one is another class, listed in {@link Doctor#CHECKS}.
 */
interface Check {

  /** Its name on the command line and in the table, for instance {@code milvus}. */
  String part();

  /**
   * Asks, and tells what it finds as it finds it. Whatever it throws is one more finding; it is
   * interrupted when its time is up, so it may wait for answers.
   */
  void look(Installation here, Findings found) throws Exception;
}
