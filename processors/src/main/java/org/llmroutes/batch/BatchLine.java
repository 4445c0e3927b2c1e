package org.llmroutes.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.llmroutes.llm.ChatMessage;
import org.llmroutes.llm.CompletionRequest;

/** A line of the input as it was read: an object with what to ask, not yet checked. */
record BatchLine(long number, JsonNode json) {
  private static final ObjectReader READER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();
  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  static BatchLine of(LineReader.Line line) throws InvalidLine {
    require(!line.tooLong(), "longer than " + (LineReader.MAX_BYTES >> 20) + " MiB");
    try {
      JsonNode json = READER.readTree(line.content());
      require(json.isObject(), "not a JSON object");
      return new BatchLine(line.number(), json);
    } catch (JsonProcessingException e) {
      throw new InvalidLine("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new InvalidLine("not UTF-8 text");
    }
  }

  /** What it is called in the output: its {@code id}, or the number of the line. */
  String id() throws InvalidLine {
    JsonNode id = json.path("id");
    if (id.isMissingNode() || id.isNull()) {
      return Long.toString(number);
    }
    require(
        id.isIntegralNumber() || id.isTextual() && !id.asText().isEmpty(),
        "id: must be text or a whole number");
    return id.asText();
  }

  /**
   * @param model empty for the service's own
   * @param maxTokens where the line does not say it
   */
  CompletionRequest request(String model, int maxTokens) throws InvalidLine {
    JsonNode temperature = json.path("temperature");
    require(
        temperature.isMissingNode() || temperature.isNumber() && temperature.asDouble() >= 0,
        "temperature: must be a number, 0 or above");
    JsonNode tokens = json.path("max_tokens");
    require(
        tokens.isMissingNode()
            || tokens.isIntegralNumber() && tokens.canConvertToInt() && tokens.asInt() > 0,
        "max_tokens: must be a whole number above 0");
    return new CompletionRequest(
        messages(),
        model.isEmpty() ? null : model,
        temperature.isMissingNode() ? null : (Double) temperature.asDouble(),
        tokens.asInt(maxTokens));
  }

  private List<ChatMessage> messages() throws InvalidLine {
    JsonNode prompt = json.path("prompt");
    JsonNode messages = json.path("messages");
    require(
        prompt.isMissingNode() != messages.isMissingNode(),
        "prompt or messages is needed, and not both");
    if (messages.isMissingNode()) {
      require(prompt.isTextual() && !prompt.asText().isEmpty(), "prompt: must be text");
      return List.of(new ChatMessage("user", prompt.asText()));
    }
    require(messages.isArray() && !messages.isEmpty(), "messages: must be a list");
    List<ChatMessage> conversation = new ArrayList<>();
    for (JsonNode message : messages) {
      require(
          ROLES.contains(message.path("role").asText()),
          "messages: role must be system, user or assistant");
      require(message.path("content").isTextual(), "messages: content must be text");
      conversation.add(
          new ChatMessage(message.path("role").asText(), message.path("content").asText()));
    }
    return conversation;
  }

  private static void require(boolean condition, String message) throws InvalidLine {
    if (!condition) {
      throw new InvalidLine(message);
    }
  }
}
