package org.llmroutes.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** One message of a conversation as the OpenAI API has it; role is system, user or assistant. */
public record ChatMessage(String role, String content) {

  /** As the conventions for traces have them. */
  static String json(List<ChatMessage> messages) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (ChatMessage message : messages) {
      all.addObject()
          .put("role", message.role())
          .putArray("parts")
          .addObject()
          .put("type", "text")
          .put("content", message.content());
    }
    return all.toString();
  }
}
