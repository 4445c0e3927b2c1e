package org.llmroutes.pipelines.local;

/** A run that did not do all of its work; the message says what was left and why. */
final class JobFailure extends Exception {
  private static final long serialVersionUID = 1;

  JobFailure(String message) {
    super(message);
  }
}
