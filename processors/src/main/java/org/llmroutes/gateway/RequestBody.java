package org.llmroutes.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;

/** Reads the JSON of a request, no further than a limit. */
final class RequestBody {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private RequestBody() {}

  /**
   * @param onBody given the map, empty where there is no body
   * @param onProblem given 413 or 400; what the client goes on sending is not read
   */
  static void read(
      HttpServerRequest request,
      int maxBytes,
      Consumer<Map<String, Object>> onBody,
      Consumer<HttpProblem> onProblem) {
    Buffer read = Buffer.buffer();
    request.handler(
        part -> {
          if (read.length() + part.length() <= maxBytes) {
            read.appendBuffer(part);
          } else {
            request.pause();
            request.handler(null).endHandler(null);
            onProblem.accept(
                HttpProblem.of(
                    ErrorCode.TOO_LARGE, "The body has more than " + maxBytes + " bytes"));
          }
        });
    request.endHandler(
        end -> {
          Map<String, Object> body;
          try {
            body = parse(request, read);
          } catch (HttpProblem e) {
            onProblem.accept(e);
            return;
          }
          onBody.accept(body);
        });
  }

  private static Map<String, Object> parse(HttpServerRequest request, Buffer body) {
    if (body.length() == 0) {
      return new LinkedHashMap<>();
    }
    String type = request.getHeader("content-type");
    if (type == null || !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
      throw new HttpProblem(
          415, "invalid_message", "Send JSON, with Content-Type: application/json", false);
    }
    return object(body.getBytes());
  }

  /**
   * Reads a JSON object.
   *
   * @throws HttpProblem 400 for whatever is none
   */
  static Map<String, Object> object(byte[] json) {
    try {
      Map<String, Object> map = JSON.readValue(json, new TypeReference<>() {});
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
