package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;

/** What an assistant's message, or a delta of one, says, in the forms that servers have for it. */
final class MessageParts {
  private MessageParts() {}

  /** Its text, or a refusal in its place; empty where it has none. */
  static String text(JsonNode message) {
    JsonNode content = message.path("content");
    String text = content.isArray() ? joined(content, false) : content.asText("");
    return text.isEmpty() ? message.path("refusal").asText("") : text;
  }

  /** Its thoughts, where the server keeps them apart from the text; some send them twice. */
  static String thoughts(JsonNode message) {
    for (String field : new String[] {"reasoning_content", "reasoning", "thinking"}) {
      if (message.path(field).isTextual() && !message.path(field).asText().isEmpty()) {
        return message.path(field).asText();
      }
    }
    String details = joined(message.path("reasoning_details"), true);
    return details.isEmpty() ? joined(message.path("content"), true) : details;
  }

  private static String joined(JsonNode parts, boolean thoughts) {
    StringBuilder text = new StringBuilder();
    if (parts.isArray()) {
      for (JsonNode part : parts) {
        String type = part.path("type").asText("text");
        if ((type.contains("thinking") || type.contains("reasoning")) == thoughts) {
          text.append(part.path("text").asText(part.path("summary").asText("")));
          text.append(
              part.path("thinking").isTextual()
                  ? part.path("thinking").asText()
                  : joined(part.path("thinking"), false));
        }
      }
    }
    return text.toString();
  }
}
