package org.llmroutes.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Groups of a user, as an entry of the bucket {@code principals} says them: {@code {"groups":
 * ["hr"], "since": "2026-01-31T12:00:00Z", "until": "2026-03-02T12:00:00Z"}}.
 *
 * @param since when it was learnt
 * @param until when it ends to count; null where it does not end
 */
public record Membership(List<String> groups, Instant since, Instant until) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether it still does. */
  public boolean counts(Instant now) {
    return until == null || now.isBefore(until);
  }

  byte[] encode() {
    ObjectNode entry = JSON.createObjectNode();
    groups.forEach(entry.putArray("groups")::add);
    entry.put("since", since.toString());
    if (until != null) {
      entry.put("until", until.toString());
    }
    try {
      return JSON.writeValueAsBytes(entry);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  /** Empty for what is no such entry. */
  static Optional<Membership> decode(byte[] entry) {
    try {
      JsonNode fields = JSON.readTree(entry);
      List<String> groups = new ArrayList<>();
      fields.required("groups").forEach(group -> groups.add(group.textValue()));
      Instant since = Instant.parse(fields.required("since").asText());
      Instant until =
          fields.hasNonNull("until") ? Instant.parse(fields.get("until").asText()) : null;
      return Optional.of(new Membership(List.copyOf(groups), since, until));
    } catch (IOException | IllegalArgumentException | DateTimeException | NullPointerException e) {
      return Optional.empty();
    }
  }
}
