package org.llmroutes.pipelines.argo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * The value of a parameter as a command reads it: a text as it is, anything else as JSON, with
 * numbers written in full. JavaScript and Lua send 4.0 for 4; Java writes 1.0E7 and 2.0E-4, which
 * counts and options of many programs do not take.
 */
final class ParameterText {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(Double.class, new InFull()))
          .build();

  private ParameterText() {}

  static String of(Object value) {
    try {
      return value instanceof String text ? text : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }

  private static final class InFull extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;

    InFull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
      } else {
        json.writeNumber(value);
      }
    }
  }
}
