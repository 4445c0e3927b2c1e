package org.llmroutes.batch;

/** A line of the input that cannot be asked; the message names the field and what it must be. */
final class InvalidLine extends Exception {
  private static final long serialVersionUID = 1;

  InvalidLine(String message) {
    super(message);
  }
}
