package org.llmroutes.llm;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.turn.Step;
import org.llmroutes.turn.Turn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the model with the prompt in the body and streams each token to the client as it arrives. A
 * stream that breaks half-way is begun again under the next attempt, as often as {@code restarts}
 * allows. A prompt that does not fit the model's context is asked again with fewer sources and less
 * history: {@code degraded} says so, and the variable with the sources has those that were told.
 */
public class GenerateAnswer extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(GenerateAnswer.class);

  private int restarts;
  private boolean thoughts;
  private String sources;

  public GenerateAnswer() {
    super("llm");
  }

  /** How often a broken stream is begun again. */
  public void setRestarts(int restarts) {
    this.restarts = restarts;
  }

  /** Whether the client is told what the model thinks. */
  public void setThoughts(boolean thoughts) {
    this.thoughts = thoughts;
  }

  /** Name of the variable with the sources. */
  public void setSources(String sources) {
    this.sources = sources;
  }

  @Override
  protected Object apply(Exchange exchange, Turn turn) throws Exception {
    Prompt prompt = exchange.getMessage().getBody(Prompt.class);
    for (int failed = 0; ; ) {
      Telling telling = new Telling(turn);
      try {
        Completion completion =
            service(ChatModel.class).stream(request(exchange, prompt), turn.deadline(), telling);
        turn.timings().put("first_token", completion.firstTokenMillis());
        return completion;
      } catch (PromptTooLong e) {
        prompt = smaller(exchange, turn, prompt).orElseThrow(() -> questionTooLong(e));
      } catch (EmptyAnswer e) {
        if (failed++ >= restarts) {
          prompt = smaller(exchange, turn, prompt).orElseThrow(() -> e);
        }
      } catch (RuntimeException e) {
        turn.textSoFar(telling.text.toString());
        if (!isBroken(e) || telling.text.isEmpty() || failed++ >= restarts || turn.cancelled()) {
          throw e;
        }
        turn.beginAgain();
      }
    }
  }

  private Optional<Prompt> smaller(Exchange exchange, Turn turn, Prompt prompt)
      throws IOException, JetStreamApiException {
    Optional<Prompt> smaller = prompt.smaller();
    if (smaller.isPresent()) {
      if (!prompt.history().isEmpty()) {
        turn.degraded().add("history");
      }
      if (!prompt.sources().isEmpty()) {
        turn.degraded().add("sources");
        exchange.setVariable(sources, smaller.get().sources());
        turn.stream().sourcesOfNextAttempt(smaller.get().sources());
        turn.beginAgain();
      }
      LOG.atWarn()
          .addKeyValue("request_id", turn.requestId())
          .addKeyValue("sources", smaller.get().sources().size())
          .addKeyValue("history", smaller.get().history().size())
          .log("the prompt does not fit the model's context and is made smaller");
    }
    return smaller;
  }

  private static StepException questionTooLong(PromptTooLong e) {
    return new StepException(
        e.step(),
        ErrorCode.REJECTED,
        "The message is too long for the language model; please shorten it. " + e.getMessage(),
        e);
  }

  private static boolean isBroken(RuntimeException e) {
    return e instanceof StepException failure && failure.code() == ErrorCode.UNAVAILABLE;
  }

  private static CompletionRequest request(Exchange exchange, Prompt prompt) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Number temperature = (Number) request.get("temperature");
    Number maxTokens = (Number) request.get("max_tokens");
    return new CompletionRequest(
        prompt.messages(),
        (String) request.get("model"),
        temperature == null ? null : temperature.doubleValue(),
        maxTokens == null ? null : maxTokens.intValue());
  }

  /** What one generation tells the client. */
  private final class Telling implements GenerationListener {
    private final Turn turn;
    private final StringBuilder text = new StringBuilder();

    Telling(Turn turn) {
      this.turn = turn;
    }

    @Override
    public void token(String token) {
      endIfCancelled();
      text.append(token);
      turn.token(token);
    }

    @Override
    public void thought(String thought) {
      endIfCancelled();
      if (thoughts) {
        turn.stream().thought(thought);
      }
    }

    @Override
    public void begunAgain() {
      text.setLength(0);
      try {
        turn.beginAgain();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (JetStreamApiException e) {
        throw new IllegalStateException("The next attempt could not be begun", e);
      }
    }

    private void endIfCancelled() {
      if (turn.cancelled()) {
        throw new CancellationException();
      }
    }
  }
}
