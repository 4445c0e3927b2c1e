package org.llmroutes.http;

import java.io.IOException;

/** A service sends more than any answer is worth keeping in memory. */
final class EndlessAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  EndlessAnswer(long maxBytes) {
    super("more than " + (maxBytes >> 20) + " MiB");
  }
}
