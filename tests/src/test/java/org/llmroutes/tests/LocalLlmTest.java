package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.BgeModel;
import org.llmroutes.local.ai.LlmService;
import org.llmroutes.platform.Platform;

/** Turns with nothing made up in them: real retrieval and the LLM of {@code ./dev up}. */
class LocalLlmTest {
  private static final String NOT_FOUND = "The documents that were found do not say.";

  private static Stack stack;
  private static LlmService llm;

  /** What somebody new asks about our pages: question, file, heading, what an answer must hold. */
  private record Question(String text, String document, String heading, Pattern fact) {
    static List<Question> all() throws Exception {
      return Files.readAllLines(Project.root().resolve("bench/questions/docs.tsv")).stream()
          .map(line -> line.split("\t"))
          .map(
              part ->
                  new Question(part[0], part[1], part[2], Pattern.compile(part[3], Pattern.DOTALL)))
          .toList();
    }

    boolean isAnsweredBy(Map<String, Object> source) {
      return ((String) source.get("document")).endsWith(document)
          && (" > " + source.get("title")).endsWith(" > " + heading);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    stack = new Stack();
    llm = new LlmService(new BgeModel(), 0);
    stack.platform.close();
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put("VLLM_URL", llm.url() + "/v1");
    stack.platform = new Platform(Settings.load(Project.root(), environment));
    stack.platform.start();
  }

  @AfterAll
  static void stop() {
    llm.close();
    stack.close();
  }

  @Test
  void answersQuestionsAboutOurPagesInTheirWords() throws Exception {
    Path work = Files.createDirectories(stack.data.resolve("pages"));
    ProductCommand ingest = new ProductCommand(work, stack.environment, Map.of());
    assertThat(
            ingest.run(
                "ingest", Project.root().resolve("docs").toString(), "--collection", "pages"))
        .satisfies(result -> assertThat(result.exit()).as(result.output()).isZero());
    List<Question> questions = Question.all();
    List<String> notFound = new ArrayList<>();
    List<String> withoutFact = new ArrayList<>();
    for (Question question : questions) {
      Map<String, Object> request = Client.request(question.text());
      request.put("collection", "pages");
      Asked asked = new Client(stack.nats).ask(request);
      assertThat(asked.response()).as(question.text()).containsEntry("success", true);
      assertThat(words(asked.text())).as(question.text()).isSubsetOf(sourceWords(asked));
      if (asked.sources().stream().limit(2).noneMatch(question::isAnsweredBy)) {
        notFound.add(question.text());
      }
      if (!question.fact().matcher(asked.text()).find()) {
        withoutFact.add(question.text() + " " + asked.text());
      }
    }
    assertThat(notFound).hasSizeLessThan(questions.size() / 13);
    assertThat(withoutFact).hasSizeLessThan(questions.size() / 10);
  }

  @Test
  void saysSoWhereTheSourcesDoNotSay() throws Exception {
    Map<String, Object> request = Client.request("Who won the football world cup in 1998?");
    request.put("collection", herons());

    Asked asked = new Client(stack.nats).ask(request);

    assertThat(asked.text()).isEqualTo(NOT_FOUND);
    assertThat(asked.degraded()).isEmpty();
  }

  @Test
  void streamsTheQuotesThatItAnswersWith() throws Exception {
    Map<String, Object> request = Client.request("What does the heron wait for?");
    request.put("collection", herons());

    Asked asked = new Client(stack.nats).ask(request);

    assertThat(asked.text())
        .startsWith("The heron waits for fish in shallow water. [1]")
        .isEqualTo(asked.streamed());
    assertThat(asked.chunks("token")).isNotEmpty();
  }

  @Test
  void searchesAFollowUpTogetherWithTheQuestionBefore() throws Exception {
    Client client = new Client(stack.nats);
    Map<String, Object> first = Client.request("What does the heron wait for?");
    first.put("collection", herons());
    client.ask(first);
    Map<String, Object> followUp = Client.request("And where?");
    followUp.put("collection", first.get("collection"));

    Asked asked = client.ask(followUp);

    assertThat(asked.text()).startsWith("The heron waits for fish in shallow water. [1]");
  }

  @Test
  void writesWithARealModelWhereNoDocumentsAreAskedFor() throws Exception {
    Map<String, Object> request = Client.request("What is the colour of the sky?");
    request.put("enable_rag", false);
    request.put("max_tokens", 20);

    Asked asked = new Client(stack.nats).ask(request);

    assertThat(asked.text()).isNotBlank().isEqualTo(asked.streamed());
    assertThat((String) asked.response().get("model")).containsIgnoringCase("smollm2");
  }

  private static String herons() {
    return stack.documents.collectionOf(
        "The heron waits for fish in shallow water.", "Bicycles need oil on their chain.");
  }

  private static Set<String> sourceWords(Asked asked) {
    Set<String> words = words(NOT_FOUND);
    for (Map<String, Object> source : asked.sources()) {
      words.addAll(words(source.get("title") + "\n" + source.get("text")));
      words.add(source.get("n").toString());
    }
    return words;
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split("[\\s|`,;:.\\[\\]()\"-]+"))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
