package org.llmroutes.forget;

import java.util.Map;
import java.util.Set;
import org.llmroutes.msgpack.TopLevelFields;

/**
 * Who is to be forgotten.
 *
 * @param session the one conversation that is meant, or null for all
 */
public record Person(String user, String session) {
  private static final Set<String> FIELDS = Set.of("user_id", "session_id");

  /** Whether a response is hers. */
  boolean answered(byte[] response) {
    Map<String, Object> fields = TopLevelFields.read(response, FIELDS);
    return user.equals(fields.get("user_id")) && isSession(fields);
  }

  /** Whether a request on a subject, which names its user, is hers. */
  boolean asked(String subject, byte[] request) {
    return subject.matches("ai\\.(chat|voice)\\.user\\." + user + "\\.[a-z]+")
        && isSession(TopLevelFields.read(request, FIELDS));
  }

  /** The same, of the trigger of a pipeline as well, which belongs to no session. */
  boolean sent(String subject, byte[] payload) {
    return asked(subject, payload)
        || session == null && subject.equals("ai.pipeline.user." + user + ".trigger")
        || session == null
            && "ai.pipeline.trigger".equals(subject)
            && user.equals(TopLevelFields.read(payload, FIELDS).get("user_id"));
  }

  private boolean isSession(Map<String, Object> fields) {
    return session == null || session.equals(fields.getOrDefault("session_id", user));
  }
}
