package org.llmroutes.llm;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.metrics.FirstValues;
import org.llmroutes.metrics.KnownMeters;
import org.llmroutes.metrics.Meters;
import org.llmroutes.telemetry.GenAi;

/**
 * The metrics of OpenTelemetry for clients of generative AI, with the buckets of its conventions.
 * Models are labels as far as there are few: clients may name them.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Generative AI
 *     metrics</a>
 */
final class GenAiMeters {
  private static final FirstValues MODELS = new FirstValues(20);
  private static final String NONE = "";
  private static final Tags COMMON = Tags.of(GenAi.OPERATION, "chat", GenAi.PROVIDER, GenAi.OPENAI);

  /** 10 ms, and twice as long each time, to 82 s. */
  private static final Duration[] SECONDS =
      DoubleStream.iterate(0.01, seconds -> seconds <= 82, seconds -> 2 * seconds)
          .mapToObj(seconds -> Duration.ofMillis(Math.round(1000 * seconds)))
          .toArray(Duration[]::new);

  /** 1, and four times as many each time, to a million. */
  private static final double[] TOKENS =
      DoubleStream.iterate(1, tokens -> tokens <= 1 << 20, tokens -> 4 * tokens).toArray();

  private static final KnownMeters<String, GenAiMeters> OF_MODELS = new KnownMeters<>();
  private static final KnownMeters<ErrorCode, Timer> FAILED = new KnownMeters<>();

  private final Timer answered;
  private final Timer firstChunk;
  private final DistributionSummary input;
  private final DistributionSummary output;

  private GenAiMeters(String model) {
    answered = duration(NONE, model);
    firstChunk =
        Timer.builder(GenAi.OPERATION_TIME_TO_FIRST_CHUNK)
            .description("From the request to the model to the first token of its answer")
            .tags(COMMON)
            .tag(GenAi.RESPONSE_MODEL, model)
            .serviceLevelObjectives(SECONDS)
            .register(Meters.registry());
    input = tokens("input", model);
    output = tokens("output", model);
  }

  private static Timer duration(String error, String model) {
    return Timer.builder(GenAi.OPERATION_DURATION)
        .description("Calls of the language model, tries within a call included")
        .tags(COMMON)
        .tag("error.type", error)
        .tag(GenAi.RESPONSE_MODEL, model)
        .serviceLevelObjectives(SECONDS)
        .register(Meters.registry());
  }

  private static DistributionSummary tokens(String type, String model) {
    return DistributionSummary.builder(GenAi.TOKEN_USAGE)
        .description("Tokens of one call, as far as the service tells them")
        .tags(COMMON)
        .tag(GenAi.TOKEN_TYPE, type)
        .tag(GenAi.RESPONSE_MODEL, model)
        .serviceLevelObjectives(TOKENS)
        .register(Meters.registry());
  }

  /** Carries a call out and counts it. */
  static Completion counting(Supplier<Completion> call) {
    long start = System.nanoTime();
    try {
      Completion completion = call.get();
      OF_MODELS
          .of(MODELS.label(completion.model()), GenAiMeters::new)
          .count(System.nanoTime() - start, completion);
      return completion;
    } catch (StepException e) {
      FAILED
          .of(e.code(), code -> duration(code.wire(), NONE))
          .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      throw e;
    }
  }

  private void count(long nanos, Completion completion) {
    answered.record(nanos, TimeUnit.NANOSECONDS);
    if (completion.firstTokenMillis() > 0) {
      firstChunk.record(completion.firstTokenMillis(), TimeUnit.MILLISECONDS);
    }
    if (completion.promptTokens() >= 0) {
      input.record(completion.promptTokens());
    }
    if (completion.completionTokens() >= 0) {
      output.record(completion.completionTokens());
    }
  }
}
