package org.llmroutes.doctor;

import java.util.List;
import java.util.Optional;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.llm.ChatMessage;
import org.llmroutes.llm.CompletionRequest;
import org.llmroutes.llm.GenerationListener;
import org.llmroutes.llm.ListedModel;
import org.llmroutes.llm.OpenAiChatModel;

/** The LLM: which model it has, and whether it streams a first token. */
final class LlmCheck extends ServiceCheck {
  /** Some services refuse fewer; the answer is hung up on after the first one. */
  private static final int MOST_TOKENS = 16;

  LlmCheck() {
    super("llm", "chat", "voice", "gateway");
  }

  @Override
  ServiceSettings settings(PlatformServices services) {
    return services.llm();
  }

  @Override
  void call(ServiceSettings service, Installation here, Findings found) {
    OpenAiChatModel llm = new OpenAiChatModel(service);
    String model = model(llm, service, here.deadline(), found);
    long begun = System.nanoTime();
    try {
      llm.stream(
          new CompletionRequest(
              List.of(new ChatMessage("user", "Say hello.")), model, null, MOST_TOKENS),
          here.deadline(),
          new FirstToken());
    } catch (FirstToken.Heard e) {
      found.well(
          "stream", "a first token after %d ms".formatted((System.nanoTime() - begun) / 1_000_000));
    }
  }

  /** The one that is asked; what is wrong with it is told. */
  private static String model(
      OpenAiChatModel llm, ServiceSettings service, Deadline deadline, Findings found) {
    List<ListedModel> listed;
    try {
      listed = llm.listed(deadline);
    } catch (StepException e) {
      if (service.model().isEmpty()) {
        throw e;
      }
      found.warning(
          "model",
          "which models it has is not told: " + e.getMessage(),
          "see whether the next row is well");
      return service.model();
    }
    String model = llm.usual(deadline);
    Optional<ListedModel> known = listed.stream().filter(one -> one.id().equals(model)).findFirst();
    if (known.isEmpty()) {
      found.warning(
          "model",
          "it lists no %s, but %s"
              .formatted(model, String.join(", ", listed.stream().map(ListedModel::id).toList())),
          "VLLM_MODEL names the one to ask; empty takes what is served");
    } else if (known.get().contextTokens() == 0) {
      found.well("model", model);
    } else {
      found.well(
          "model", "%s with a context of %d tokens".formatted(model, known.get().contextTokens()));
    }
    return model;
  }

  /** Hangs up as soon as it is clear that the service streams. */
  private static final class FirstToken implements GenerationListener {
    static final class Heard extends RuntimeException {
      private static final long serialVersionUID = 1;

      Heard() {
        super("heard", null, false, false);
      }
    }

    @Override
    public void token(String text) {
      throw new Heard();
    }

    @Override
    public void thought(String text) {
      throw new Heard();
    }
  }
}
