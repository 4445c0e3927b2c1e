package org.llmroutes.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.llmroutes.turn.TurnOpening;

/**
 * What is kept of an API key.
 *
 * @param sha256 its hash, 64 hex digits
 */
public record ApiKey(String sha256, Identity identity) {
  private static final int SHOWN = 12;
  private static final String FORWARDS = "forwards-users";

  /** What it is called on the command line: the beginning of its hash. */
  public String id() {
    return sha256.substring(0, SHOWN);
  }

  /**
   * @param where begins what is said of a mistake
   * @throws IllegalArgumentException where the entry is wrong
   */
  static ApiKey of(JsonNode entry, String where) {
    String hash = entry.path("sha256").asText();
    String user = entry.path("user").asText();
    require(hash.matches("[0-9a-f]{64}"), where + "sha256 must be 64 digits of 0-9 a-f");
    require(TurnOpening.isToken(user), where + "user must be 1 to 128 of A-Z a-z 0-9 _ -");
    JsonNode groups = entry.path("groups");
    require(groups.isMissingNode() || groups.isArray(), where + "groups must be a list");
    Set<String> names = new TreeSet<>();
    groups.forEach(group -> names.add(group.asText()));
    require(!names.contains(""), where + "groups must be names");
    JsonNode forwards = entry.path(FORWARDS);
    require(
        forwards.isMissingNode() || forwards.isBoolean(),
        where + FORWARDS + " must be true or false");
    return new ApiKey(hash, new Identity(user, names, expires(entry, where), forwards.asBoolean()));
  }

  private static Instant expires(JsonNode entry, String where) {
    if (!entry.hasNonNull("expires")) {
      return Instant.MAX;
    }
    try {
      return Instant.parse(entry.get("expires").asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          where + "expires must be a time like 2027-01-01T00:00:00Z", e);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The entry that {@link #of} reads. */
  Map<String, Object> entry() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("sha256", sha256);
    entry.put("user", identity.userId());
    if (!identity.groups().isEmpty()) {
      entry.put("groups", new TreeSet<>(identity.groups()));
    }
    if (identity.forwardsUsers()) {
      entry.put(FORWARDS, true);
    }
    if (identity.expires().isBefore(Instant.MAX)) {
      entry.put("expires", identity.expires().toString());
    }
    return entry;
  }
}
