package org.llmroutes.pipelines;

import java.util.Locale;

/** What clients are told of a run; the wire form is the name in lower case. */
enum Status {
  ACCEPTED,
  SUBMITTED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  REJECTED;

  /** Whether nothing comes after it. */
  boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Status ofWire(String status) {
    return valueOf(status.toUpperCase(Locale.ROOT));
  }
}
