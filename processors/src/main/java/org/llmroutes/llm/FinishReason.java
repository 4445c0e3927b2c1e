package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a generation ended, whatever the server calls it. */
enum FinishReason {
  /** The model was done. */
  STOP,
  /** A limit of tokens stopped it. */
  LENGTH,
  /** The service withheld the rest, or all of it. */
  FILTERED,
  /** The server gave up; what there is, is no whole answer. */
  BROKEN;

  private static final Pattern LIMIT =
      Pattern.compile("length|max_?(?:output_)?tokens|limit|context");
  private static final Pattern FILTER =
      Pattern.compile("filter|safety|sensitive|recitation|prohibited|blocklist");
  private static final Pattern BREAK =
      Pattern.compile("abort|error|cancel|timeout|insufficient|unavailable|overload|failed");

  /** Of a choice; empty while it has none, which some servers write as an empty text. */
  static Optional<FinishReason> of(JsonNode choice) {
    String reported = choice.path("finish_reason").asText("").toLowerCase(Locale.ROOT);
    return reported.isBlank() || "null".equals(reported)
        ? Optional.empty()
        : Optional.of(of(reported));
  }

  private static FinishReason of(String reported) {
    if (BREAK.matcher(reported).find()) {
      return BROKEN;
    } else if (LIMIT.matcher(reported).find()) {
      return LENGTH;
    }
    return FILTER.matcher(reported).find() ? FILTERED : STOP;
  }

  /** The contract knows two endings that a model can come to by itself. */
  String wire() {
    return this == LENGTH ? "length" : "stop";
  }
}
