package org.llmroutes.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How something is. */
public enum State {
  WELL,
  /** It works, and somebody should look at it. */
  WARNING,
  NOT_WELL,
  /** Not configured, or no part of the roles in use. */
  NOT_USED,
  /** Something else stands in the way, which is told by itself. */
  NOT_ASKED;

  /** As it stands in a table. */
  public String words() {
    return wire().replace('_', ' ');
  }

  /** As it stands in JSON, for instance {@code not_well}. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
