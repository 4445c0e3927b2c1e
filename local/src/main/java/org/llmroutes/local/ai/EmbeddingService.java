package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Embeddings by BGE-small, on the OpenAI protocol ({@code /v1/embeddings}), that of Text Embeddings
 * Inference ({@code /embed}) and the Open Inference Protocol ({@code /v2/models/NAME/infer}).
 */
public final class EmbeddingService extends JsonServer {
  private final BgeModel model;

  public EmbeddingService(BgeModel model, int port) {
    super(port);
    this.model = model;
    on("/v1/embeddings", this::openAi);
    on("/embed", this::tei);
    on("/v2/models/", this::openInference);
  }

  private Object openAi(JsonNode request) {
    List<Map<String, Object>> data = new ArrayList<>();
    for (String text : texts(request.path("input"))) {
      data.add(Map.of("object", "embedding", "index", data.size(), "embedding", model.embed(text)));
    }
    return Map.of("object", "list", "model", BgeModel.NAME, "data", data);
  }

  private Object tei(JsonNode request) {
    return texts(request.path("inputs")).stream().map(model::embed).toList();
  }

  private Object openInference(JsonNode request) {
    List<Float> numbers = new ArrayList<>();
    List<String> texts = texts(request.path("inputs").path(0).path("data"));
    for (String text : texts) {
      for (float number : model.embed(text)) {
        numbers.add(number);
      }
    }
    Map<String, Object> output =
        Map.of(
            "name",
            "embeddings",
            "datatype",
            "FP32",
            "shape",
            List.of(texts.size(), BgeModel.DIMENSION),
            "data",
            numbers);
    return Map.of("model_name", BgeModel.NAME, "outputs", List.of(output));
  }

  static List<String> texts(JsonNode node) {
    if (node.isTextual()) {
      return List.of(node.asText());
    }
    if (!node.isArray() || node.isEmpty()) {
      throw new IllegalArgumentException("Expected a text or a list of texts");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : node) {
      if (!text.isTextual()) {
        throw new IllegalArgumentException("Expected texts only");
      }
      texts.add(text.asText());
    }
    return texts;
  }
}
