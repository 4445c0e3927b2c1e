package org.llmroutes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {
  private static final String SCHEMA =
      """
      type: object
      properties:
        count: {type: integer}
        ratio: {type: number}
        note: {type: [string, "null"]}
        model: {anyOf: [{type: string}, {type: "null"}]}
        inner: {type: object, properties: {count: {type: integer}}}
        free: {type: object}
        labels: {type: object, additionalProperties: {type: string}}
        list: {type: array, items: {type: object, properties: {count: {type: integer}}}}
      """;

  @Test
  void nilIsLeftOutAtEveryDepthThatTheSchemaDescribes() {
    assertThat(canonical("count", null)).isEmpty();
    assertThat(canonical("unheard", null)).isEmpty();
    assertThat(canonical("inner", nil("count"))).isEqualTo(Map.of("inner", Map.of()));
    assertThat(canonical("labels", nil("any"))).isEqualTo(Map.of("labels", Map.of()));
    assertThat(canonical("list", List.of(nil("count"))))
        .isEqualTo(Map.of("list", List.of(Map.of())));
  }

  @Test
  void nilStaysWhereItMeansSomething() {
    assertThat(canonical("note", null)).isEqualTo(nil("note"));
    assertThat(canonical("model", null)).isEqualTo(nil("model"));
    assertThat(canonical("free", nil("any"))).isEqualTo(Map.of("free", nil("any")));
  }

  @Test
  void wholeNumbersAreIntegersWhereTheSchemaWantsThem() {
    assertThat(canonical("count", 5.0)).isEqualTo(Map.of("count", 5L));
    assertThat(canonical("count", 1e19))
        .isEqualTo(Map.of("count", new BigInteger("10000000000000000000")));
    assertThat(canonical("count", 5.5)).isEqualTo(Map.of("count", 5.5));
    assertThat(canonical("count", Double.NaN)).isEqualTo(Map.of("count", Double.NaN));
    assertThat(canonical("ratio", 5.0)).isEqualTo(Map.of("ratio", 5.0));
    assertThat(canonical("list", List.of(Map.of("count", 2.0))))
        .isEqualTo(Map.of("list", List.of(Map.of("count", 2L))));
  }

  @Test
  void timestampsAreText() {
    assertThat(canonical("at", Instant.EPOCH)).isEqualTo(Map.of("at", "1970-01-01T00:00:00Z"));
  }

  private static Map<String, Object> nil(String name) {
    Map<String, Object> map = new HashMap<>();
    map.put(name, null);
    return map;
  }

  private static Map<String, Object> canonical(String name, Object value) {
    Map<String, Object> map = nil(name);
    map.put(name, value);
    try {
      return JsonSchema.of(new YAMLMapper().readTree(SCHEMA)).canonical(map);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
