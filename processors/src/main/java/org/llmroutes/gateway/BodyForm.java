package org.llmroutes.gateway;

import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the body of a request is, and how it becomes fields. None of these is ever a header. */
public enum BodyForm {
  /** A JSON object; without a body the query. */
  JSON {
    @Override
    Map<String, Object> fields(RequestBody body) {
      body.require("application/json");
      return JsonText.object(body.bytes());
    }
  },

  /** {@code multipart/form-data}. */
  FORM {
    @Override
    Map<String, Object> fields(RequestBody body) {
      body.require("multipart/form-data");
      return Form.read(body.type(), Unpooled.wrappedBuffer(body.bytes()));
    }
  },

  /**
   * The same with a file {@code audio} and, in JSON, a field {@code request} with all others; or
   * that file alone, and the other fields in the query.
   */
  AUDIO {
    @Override
    Map<String, Object> fields(RequestBody body) {
      if (body.isType("audio") || body.isType("video")) {
        Map<String, Object> fields = texts(body.query());
        fields.put("audio", new Upload("", body.type(), body.bytes()));
        return fields;
      }
      Map<String, Object> fields = FORM.fields(body);
      if (fields.remove("request") instanceof String json) {
        fields.putAll(JsonText.object(json.getBytes(StandardCharsets.UTF_8)));
      }
      return fields;
    }
  };

  private static final int ASIDE = 65536;

  /**
   * The fields of a body that is not empty.
   *
   * @throws HttpProblem 415 where it is something else, 400 where it is not what it says
   */
  abstract Map<String, Object> fields(RequestBody body);

  /** Bytes that a body may have beside what it is about. */
  int aside() {
    return this == JSON ? 0 : ASIDE;
  }

  /** The fields of a request without a body. */
  static Map<String, Object> texts(MultiMap query) {
    Map<String, Object> texts = new LinkedHashMap<>();
    query.forEach(entry -> texts.putIfAbsent(entry.getKey(), entry.getValue()));
    return texts;
  }
}
