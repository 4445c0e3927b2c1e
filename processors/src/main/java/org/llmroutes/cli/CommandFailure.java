package org.llmroutes.cli;

/** A command that could not do its work; the message tells the user what to do. */
class CommandFailure extends RuntimeException {
  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
