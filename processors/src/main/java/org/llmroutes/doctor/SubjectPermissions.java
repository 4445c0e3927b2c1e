package org.llmroutes.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What the server lists of one direction; without a list everything is allowed. */
record SubjectPermissions(List<String> allow, List<String> deny) {

  /**
   * @param listed {@code {"allow": […], "deny": […]}}, or nothing
   */
  static SubjectPermissions of(JsonNode listed) {
    return new SubjectPermissions(texts(listed.path("allow")), texts(listed.path("deny")));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    // a queue may stand behind a subject
    list.forEach(entry -> texts.add(entry.asText().split(" ")[0]));
    return texts;
  }

  /** Whether every subject of a pattern is allowed. */
  boolean allow(String pattern) {
    String[] wanted = pattern.split("\\.");
    return (allow.isEmpty() || allow.stream().anyMatch(one -> covers(one.split("\\."), wanted)))
        && deny.stream().noneMatch(one -> overlaps(one.split("\\."), wanted));
  }

  private static boolean covers(String[] wide, String[] narrow) {
    for (int i = 0; i < wide.length; i++) {
      if (i >= narrow.length) {
        return false;
      } else if (">".equals(wide[i])) {
        return true;
      } else if (">".equals(narrow[i]) || !"*".equals(wide[i]) && !wide[i].equals(narrow[i])) {
        return false;
      }
    }
    return wide.length == narrow.length;
  }

  private static boolean overlaps(String[] one, String[] other) {
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      if (">".equals(one[i]) || ">".equals(other[i])) {
        return true;
      } else if (!"*".equals(one[i]) && !"*".equals(other[i]) && !one[i].equals(other[i])) {
        return false;
      }
    }
    return one.length == other.length;
  }
}
