package org.llmroutes.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;

/** Reads JSON that clients send. */
final class JsonText {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonText() {}

  /**
   * @throws HttpProblem 400 where it is no JSON object
   */
  static Map<String, Object> object(byte[] text) {
    try {
      Map<String, Object> map = JSON.readValue(text, new TypeReference<>() {});
      if (map == null) {
        throw HttpProblem.of(ErrorCode.INVALID_MESSAGE, "Send a JSON object");
      }
      return map;
    } catch (JsonProcessingException e) {
      throw HttpProblem.of(
          ErrorCode.INVALID_MESSAGE, "This is no JSON object: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw HttpProblem.of(ErrorCode.INVALID_MESSAGE, "This cannot be read");
    }
  }
}
