package org.llmroutes.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.ServiceClient;

/**
 * The model that is asked where neither the request nor {@code VLLM_MODEL} names one: the first
 * that the service lists and that can chat. It is listed again once it has gone. Safe for
 * concurrent use.
 */
final class ServedModel {
  private static final int MOST_NAMED = 10;

  /** Encoders, rerankers, speech, pictures and filters, by what they are called. */
  private static final Pattern OTHER_TASK =
      Pattern.compile(
          "embed|rerank|whisper|minilm|colbert|splade|sentence-transformers|stable-diffusion|dall-e"
              + "|moderation|llama-?guard|shieldgemma|text-to-(?:speech|image)|speech|transcri|feature-extraction"
              + "|ranking|(?:^|[^a-z0-9])(?:bge|gte|e5|clip|siglip|tts|stt|asr|xtts|kokoro|piper|parakeet|sdxl?|flux"
              + "|audio|image)(?:[^a-z]|$)");

  private final ServiceClient client;
  private final Set<String> refusing = ConcurrentHashMap.newKeySet();
  private volatile String name;

  ServedModel(ServiceClient client) {
    this.client = client;
  }

  /**
   * Lists the models where none is chosen yet.
   *
   * @throws org.llmroutes.errors.StepException {@code unavailable} where no listed one can chat
   */
  String name(Deadline deadline) {
    String chosen = name;
    if (chosen == null) {
      chosen = choose(deadline);
      name = chosen;
    }
    return chosen;
  }

  /** Another model in place of one that has gone; empty where the same one is listed still. */
  Optional<String> inPlaceOfGone(String gone, Deadline deadline) {
    String chosen = choose(deadline);
    name = chosen;
    return chosen.equals(gone) ? Optional.empty() : Optional.of(chosen);
  }

  /** Another model in place of one that has refused to chat. */
  String inPlaceOfRefusing(String other, Deadline deadline) {
    refusing.add(other);
    name = choose(deadline);
    return name;
  }

  private String choose(Deadline deadline) {
    List<String> listed = new ArrayList<>();
    for (JsonNode model : client.get("/models", deadline).path("data")) {
      String id = model.path("id").asText();
      if (!id.isEmpty() && canChat(id, model)) {
        return id;
      }
      listed.add(id);
    }
    throw client.failure(
        ErrorCode.UNAVAILABLE,
        listed.isEmpty()
            ? "lists no model; load one, or name one by VLLM_MODEL"
            : "lists no model that can chat; VLLM_MODEL names the one to ask. Listed are "
                + String.join(", ", listed.subList(0, Math.min(MOST_NAMED, listed.size()))));
  }

  private boolean canChat(String id, JsonNode model) {
    if (refusing.contains(id) || isOther(id)) {
      return false;
    }
    for (String field : new String[] {"type", "task", "mode", "pipeline_tag"}) {
      if (isOther(model.path(field).asText())) {
        return false;
      }
    }
    // as Mistral's API says it
    return model.path("capabilities").path("completion_chat").asBoolean(true);
  }

  private static boolean isOther(String word) {
    return OTHER_TASK.matcher(word.toLowerCase(Locale.ROOT)).find();
  }
}
