package org.llmroutes.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.EventStream;
import org.llmroutes.http.ServiceClient;
import org.llmroutes.telemetry.GenAi;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/**
 * Chat completions as vLLM, Ollama, llama.cpp, LM Studio and others serve them. What a model does
 * not take is found out by its first refusal and kept in mind; a model that has gone is replaced by
 * the one that is served instead, unless it was named. A stream is tried again by itself only while
 * no token of it was handed out.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">OpenAI API reference, chat
 *     completions</a>
 */
public final class OpenAiChatModel implements ChatModel {
  private static final String COMPLETIONS = "/chat/completions";

  /** Ways in which one request is asked at most. */
  private static final int MOST_WAYS = 8;

  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(2);

  private final ServiceClient client;
  private final ServedModel served;
  private final KnownModels known = new KnownModels();
  private final int priority;

  public OpenAiChatModel(ServiceSettings settings) {
    this(settings, 0);
  }

  /**
   * @param priority 0 is not sent; with {@code --scheduling-policy priority}, vLLM takes lower ones
   *     first, and without it refuses any other than 0
   */
  public OpenAiChatModel(ServiceSettings settings, int priority) {
    this.client = new ServiceClient(settings, "llm");
    this.served = new ServedModel(client);
    this.priority = priority;
  }

  /** Connects before the first turn needs it, where the service is there. */
  public void connectAhead() {
    try {
      client.probe("/models", Deadline.in(CONNECTS_WITHIN));
    } catch (StepException e) {
      // told by whoever needs it
      return;
    }
  }

  /** The models that the service lists, in its order; asked once. */
  public List<ListedModel> listed(Deadline deadline) {
    List<ListedModel> listed = new ArrayList<>();
    client.probe("/models", deadline).path("data").forEach(m -> listed.add(ListedModel.of(m)));
    return listed;
  }

  /**
   * The model that is asked where a request names none.
   *
   * @throws StepException {@code unavailable} where the service lists none that can chat
   */
  public String usual(Deadline deadline) {
    String configured = client.settings().model();
    return configured.isEmpty() ? served.name(deadline) : configured;
  }

  @Override
  public Completion stream(
      CompletionRequest request, Deadline deadline, GenerationListener listener) {
    return GenAiMeters.counting(() -> streamed(request, deadline, listener));
  }

  private Completion streamed(
      CompletionRequest request, Deadline deadline, GenerationListener listener) {
    Answer answer =
        ask(
            request,
            true,
            deadline,
            (body, thinking) ->
                client.protecting(() -> stream(body, thinking, deadline, listener), deadline));
    if (answer.completion().text().isBlank()) {
      throw withoutText(answer);
    }
    return answer.completion();
  }

  private Answer stream(
      Map<String, Object> body, Thinking thinking, Deadline deadline, GenerationListener listener) {
    AnswerReader reader = new AnswerReader(client, thinking, listener);
    try (EventStream events = EventStream.open(client, COMPLETIONS, body, deadline)) {
      return reader.read(events);
    } catch (StepException e) {
      throw reader.told(e);
    }
  }

  @Override
  public Completion complete(CompletionRequest request, Deadline deadline) {
    return GenAiMeters.counting(
        () ->
            ask(
                    request,
                    false,
                    deadline,
                    (body, thinking) ->
                        client.protecting(() -> whole(body, thinking, deadline), deadline))
                .completion());
  }

  private Answer whole(Map<String, Object> body, Thinking thinking, Deadline deadline) {
    AnswerReader reader = new AnswerReader(client, thinking, token -> {});
    try {
      return reader.read(client.postOnce(COMPLETIONS, body, deadline));
    } catch (StepException e) {
      throw ModelRefusal.understood(e);
    }
  }

  /** Asks, and again in another way where the service refuses what it need not be asked. */
  private Answer ask(
      CompletionRequest wanted,
      boolean stream,
      Deadline deadline,
      BiFunction<Map<String, Object>, Thinking, Answer> call) {
    CompletionRequest request = wanted;
    boolean named = request.model() != null || !client.settings().model().isEmpty();
    String model = named ? named(request) : served.name(deadline);
    ModelQuirks quirks = known.of(model);
    for (int ways = 1; ; ways++) {
      try {
        Answer answer = traced(call, quirks, request, model, stream);
        known.keep(model, quirks.thinking(answer.thinking()));
        return answer;
      } catch (ModelRefusal e) {
        Optional<ModelQuirks> other = quirks.without(e.complaint());
        if (ways == MOST_WAYS) {
          throw e;
        } else if (other.isPresent()) {
          quirks = other.get();
        } else if (e instanceof PromptTooLong tooLong
            && tooLong.namesTheLimit()
            && request.maxTokens() != null) {
          request = request.withoutLimit();
        } else {
          model = inPlaceOf(model, named, e, deadline);
          quirks = known.of(model);
        }
      }
    }
  }

  private Answer traced(
      BiFunction<Map<String, Object>, Thinking, Answer> call,
      ModelQuirks quirks,
      CompletionRequest request,
      String model,
      boolean stream) {
    Span span = GenAi.chat(model, request.temperature(), request.maxTokens());
    try (Span.Scope ignored = span.enter()) {
      if (Tracing.keepsContent()) {
        span.set(GenAi.INPUT_MESSAGES, ChatMessage.json(request.messages()));
      }
      Answer answer = call.apply(body(quirks, request, model, stream), quirks.thinking());
      Completion completion = answer.completion();
      GenAi.answered(
          span,
          completion.model(),
          completion.finishReason(),
          completion.promptTokens(),
          completion.completionTokens());
      if (stream) {
        span.set(GenAi.TIME_TO_FIRST_CHUNK, completion.firstTokenMillis() / 1000.0);
      }
      if (Tracing.keepsContent()) {
        span.set(
            GenAi.OUTPUT_MESSAGES,
            ChatMessage.json(List.of(new ChatMessage("assistant", completion.text()))));
      }
      return answer;
    } catch (RuntimeException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private String named(CompletionRequest request) {
    return request.model() != null ? request.model() : client.settings().model();
  }

  private Map<String, Object> body(
      ModelQuirks quirks, CompletionRequest request, String model, boolean stream) {
    Map<String, Object> body = quirks.body(request, model, stream);
    if (priority != 0) {
      body.put("priority", priority);
    }
    return body;
  }

  /**
   * Another model than the one that refused.
   *
   * @throws StepException where it was named, or another one would refuse as well
   */
  private String inPlaceOf(String model, boolean named, ModelRefusal refusal, Deadline deadline) {
    return switch (refusal.complaint()) {
      case NO_PRIORITY -> throw refusal.becauseOf("batch.priority");
      case CANNOT_CHAT, NO_SUCH_MODEL -> {
        if (model.equals(client.settings().model())) {
          throw refusal.becauseOf("VLLM_MODEL");
        } else if (named) {
          throw refusal;
        }
        yield refusal.complaint() == Complaint.CANNOT_CHAT
            ? served.inPlaceOfRefusing(model, deadline)
            : served.inPlaceOfGone(model, deadline).orElseThrow(() -> refusal);
      }
      default -> throw refusal;
    };
  }

  private StepException withoutText(Answer answer) {
    if (answer.end() == FinishReason.FILTERED) {
      return client.failure(ErrorCode.REJECTED, "withheld the answer by its content filter");
    } else if (answer.end() == FinishReason.LENGTH) {
      return client.failure(
          ErrorCode.REJECTED,
          answer.thoughts()
              ? "spent all of its tokens on thoughts and came to no answer; allow more by max_tokens"
              : "came to the limit of its tokens before it answered; allow more by max_tokens");
    }
    return new EmptyAnswer("llm", client.settings().name() + " ended without an answer");
  }
}
