package org.llmroutes.telemetry;

import java.util.List;

/**
 * The conventions for calls of models, in development, as of version 1.41; every name of them is
 * here.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic
 *     conventions for generative AI, spans</a>
 */
public final class GenAi {
  public static final String CONVERSATION_ID = "gen_ai.conversation.id";
  public static final String RESPONSE_MODEL = "gen_ai.response.model";
  public static final String FINISH_REASONS = "gen_ai.response.finish_reasons";

  /** Seconds. */
  public static final String TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";

  public static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  public static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";

  /** Only where {@code telemetry.content} allows it. */
  public static final String INPUT_MESSAGES = "gen_ai.input.messages";

  /** Only where {@code telemetry.content} allows it. */
  public static final String OUTPUT_MESSAGES = "gen_ai.output.messages";

  public static final String OPERATION = "gen_ai.operation.name";
  public static final String PROVIDER = "gen_ai.provider.name";
  public static final String TOKEN_TYPE = "gen_ai.token.type";

  /** Whatever serves it, it speaks the protocol of OpenAI. */
  public static final String OPENAI = "openai";

  /** Metrics. */
  public static final String OPERATION_DURATION = "gen_ai.client.operation.duration";

  public static final String OPERATION_TIME_TO_FIRST_CHUNK =
      "gen_ai.client.operation.time_to_first_chunk";
  public static final String TOKEN_USAGE = "gen_ai.client.token.usage";

  private static final String REQUEST_MODEL = "gen_ai.request.model";
  private static final String TEMPERATURE = "gen_ai.request.temperature";
  private static final String MAX_TOKENS = "gen_ai.request.max_tokens";

  private GenAi() {}

  /** Begins a call as {@code chat {model}}, part of what this thread works on. */
  public static Span chat(String model, Double temperature, Integer maxTokens) {
    Span span = begin("chat", model);
    if (span.isRecorded()) {
      if (temperature != null) {
        span.set(TEMPERATURE, temperature);
      }
      if (maxTokens != null) {
        span.set(MAX_TOKENS, maxTokens);
      }
    }
    return span;
  }

  /** Begins a call as {@code embeddings {model}}. */
  public static Span embeddings(String model) {
    return begin("embeddings", model);
  }

  private static Span begin(String operation, String model) {
    Span current = Tracing.current();
    if (current == Span.NONE) {
      return current;
    }
    Span span =
        current.begin(Span.Kind.CLIENT, model.isEmpty() ? operation : operation + " " + model);
    span.set(OPERATION, operation)
        .set(PROVIDER, OPENAI)
        .set(CONVERSATION_ID, current.root().get(CONVERSATION_ID));
    return model.isEmpty() ? span : span.set(REQUEST_MODEL, model);
  }

  /**
   * What a call came to.
   *
   * @param inputTokens -1 where the service does not say
   * @param outputTokens -1 where the service does not say
   */
  public static void answered(
      Span span, String model, String finishReason, long inputTokens, long outputTokens) {
    if (!span.isRecorded()) {
      return;
    }
    if (!model.isEmpty()) {
      span.set(RESPONSE_MODEL, model);
    }
    span.set(FINISH_REASONS, List.of(finishReason));
    if (inputTokens >= 0) {
      span.set(INPUT_TOKENS, inputTokens);
    }
    if (outputTokens >= 0) {
      span.set(OUTPUT_TOKENS, outputTokens);
    }
  }
}
