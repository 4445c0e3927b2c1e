package org.llmroutes.pipelines;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.turn.Failure;

/** The last status of a run as clients get it; what is not known is left out. */
final class StatusMessage {
  private StatusMessage() {}

  static Map<String, Object> of(RunEntry entry) {
    Trigger trigger = entry.trigger();
    RunStatus status = entry.status();
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("request_id", trigger.requestId());
    message.put("user_id", trigger.userId());
    put(message, "pipeline", trigger.pipeline());
    put(message, "engine", trigger.engine());
    message.put("status", status.status().wire());
    message.put("seq", status.seq());
    if (entry.started() != null) {
      put(message, "run_id", entry.started().id());
      put(message, "namespace", entry.started().namespace());
      put(message, "url", entry.started().url());
    }
    put(message, "message", status.message());
    put(message, "progress", status.progress());
    if (status.error() != null) {
      message.put("error", new Failure(status.error(), status.message()).wire());
    }
    message.put("timestamp", status.at().toString());
    return message;
  }

  private static void put(Map<String, Object> message, String field, String value) {
    if (value != null && !value.isEmpty()) {
      message.put(field, value);
    }
  }
}
