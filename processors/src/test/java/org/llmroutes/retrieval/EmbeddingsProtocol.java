package org.llmroutes.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.llmroutes.testing.ScriptedService;

/** The three protocols as a server sees them; each takes requests of its exact shape only. */
enum EmbeddingsProtocol {
  OPENAI("openai", "/v1/embeddings"),
  TEI("tei", "/embed"),
  KSERVE_V2("kserve-v2", "/v2/models/test-model/infer");

  private final String protocol;
  private final String path;

  EmbeddingsProtocol(String protocol, String path) {
    this.protocol = protocol;
    this.path = path;
  }

  /** A service whose vector for a text is {@link #vector}. */
  ScriptedService service() {
    return new ScriptedService(
        protocol, path, request -> answer(texts(request).stream().map(Vector::of).toList()));
  }

  /** Not of unit length; another one for every text. */
  record Vector(float x, float y, float z) {
    static Vector of(String text) {
      return new Vector(3 + Math.floorMod(text.hashCode(), 97), 4, text.length());
    }

    List<Float> numbers() {
      return List.of(x, y, z);
    }

    float[] normalised() {
      double norm = Math.sqrt((double) x * x + (double) y * y + (double) z * z);
      return new float[] {(float) (x / norm), (float) (y / norm), (float) (z / norm)};
    }
  }

  List<String> texts(JsonNode request) {
    JsonNode texts =
        switch (this) {
          case OPENAI -> {
            require(request, "model", "\"test-model\"");
            require(request, "encoding_format", "\"float\"");
            yield request.path("input");
          }
          case TEI -> {
            require(request, "truncate", "true");
            yield request.path("inputs");
          }
          case KSERVE_V2 -> {
            JsonNode input = request.path("inputs").path(0);
            require(input, "datatype", "\"BYTES\"");
            require(input, "shape", "[" + input.path("data").size() + "]");
            yield input.path("data");
          }
        };
    List<String> found = new ArrayList<>();
    texts.forEach(text -> found.add(text.textValue()));
    if (found.isEmpty() || found.size() > 32) {
      throw new IllegalArgumentException(found.size() + " texts");
    }
    return found;
  }

  private static void require(JsonNode node, String field, String json) {
    if (!node.path(field).toString().equals(json)) {
      throw new IllegalArgumentException(field + " is " + node.path(field) + ", not " + json);
    }
  }

  /** The vectors as this protocol has them; where it numbers them, in another order. */
  Object answer(List<Vector> vectors) {
    List<List<Float>> rows = vectors.stream().map(Vector::numbers).toList();
    return switch (this) {
      case OPENAI -> {
        List<Object> data = new ArrayList<>();
        rows.forEach(row -> data.add(Map.of("index", data.size(), "embedding", row)));
        Collections.reverse(data);
        yield Map.of("object", "list", "data", data);
      }
      case TEI -> rows;
      case KSERVE_V2 ->
          Map.of(
              "outputs",
              List.of(
                  Map.of(
                      "name",
                      "output-0",
                      "datatype",
                      "FP32",
                      "shape",
                      List.of(rows.size(), 3),
                      "data",
                      rows.stream().flatMap(List::stream).toList())));
    };
  }
}
