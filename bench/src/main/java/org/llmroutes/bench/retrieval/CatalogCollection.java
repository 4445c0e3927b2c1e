package org.llmroutes.bench.retrieval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.llmroutes.bench.retrieval.TestCollection.Document;
import org.llmroutes.bench.retrieval.TestCollection.Query;

/**
 * Known-item search over the endpoint options in Camel's catalog. An option is asked for in the
 * words of somebody else: the first sentence that another component's author wrote about the option
 * of the same name and type. The name is never part of the question. Questions whose words are all
 * in the description to be found are left out as copies; any stricter bound would choose the
 * questions that a search by words cannot answer.
 */
final class CatalogCollection {
  private static final int PASSAGES = 4000;
  private static final int QUERIES_A_NAME = 6;
  private static final int MIN_WORDS = 4;
  private static final long SEED = 4;

  private final Random random = new Random(SEED);
  private final List<Option> options = new ArrayList<>();
  private final Map<String, List<Option>> namesakes = new TreeMap<>();
  private final Map<String, Integer> asked = new HashMap<>();
  private final List<Double> shared = new ArrayList<>();

  private record Option(String scheme, String component, String name, String description) {
    String id() {
      return scheme + "." + name;
    }

    Document document() {
      return new Document(id(), component, component + " " + name + ": " + description);
    }
  }

  private CatalogCollection() {
    CamelCatalog catalog = new DefaultCamelCatalog();
    for (String scheme : catalog.findComponentNames().stream().sorted().toList()) {
      ComponentModel component = catalog.componentModel(scheme);
      for (ComponentModel.EndpointOptionModel model : component.getEndpointParameterOptions()) {
        Option option =
            new Option(scheme, component.getTitle(), model.getName(), model.getDescription());
        options.add(option);
        namesakes
            .computeIfAbsent(model.getName() + " " + model.getJavaType(), key -> new ArrayList<>())
            .add(option);
      }
    }
  }

  static TestCollection read() {
    return new CatalogCollection().collection();
  }

  private TestCollection collection() {
    List<Query> queries = queries();
    Set<String> wanted = new HashSet<>();
    queries.forEach(query -> wanted.addAll(query.grades().keySet()));
    Collections.shuffle(options, random);
    options.removeIf(option -> option.id().length() >= 64); // a primary key holds less than that
    options.sort(Comparator.comparing(option -> !wanted.contains(option.id())));
    List<Document> documents = options.stream().limit(PASSAGES).map(Option::document).toList();
    double mean = shared.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return new TestCollection(
        "camel_catalog",
        String.format(
            Locale.ROOT,
            "%d options of Camel's components, %d of them asked for in the words of another component's author;"
                + " %.0f%% of a question's words are in the passage (the component's name not counted)",
            documents.size(),
            queries.size(),
            mean * 100),
        documents,
        queries);
  }

  private List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (List<Option> same : namesakes.values()) {
      List<Option> targets = new ArrayList<>(same);
      Collections.shuffle(targets, random);
      for (Option target : targets) {
        List<String> questions = questions(target, same);
        // a name of one word says too little to mean the same thing twice
        if (questions.isEmpty()
            || !target.name().matches(".*[A-Z].*")
            || asked.merge(target.name(), 1, Integer::sum) > QUERIES_A_NAME) {
          continue;
        }
        String question = questions.get(random.nextInt(questions.size()));
        shared.add(sharedWith(target, question));
        queries.add(
            new Query(target.id(), target.component() + ": " + question, Map.of(target.id(), 1)));
      }
    }
    return queries;
  }

  /** What other authors wrote about an option of this name, if it is not the same text. */
  private static List<String> questions(Option target, List<Option> same) {
    return same.stream()
        .filter(other -> !other.scheme().equals(target.scheme()))
        .filter(other -> !namesItself(other))
        .map(other -> firstSentence(other.description()))
        .filter(
            text -> !text.toLowerCase(Locale.ROOT).contains(target.name().toLowerCase(Locale.ROOT)))
        .filter(text -> ownWords(target, text).size() >= MIN_WORDS)
        .filter(text -> sharedWith(target, text) < 1)
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean namesItself(Option option) {
    Set<String> names = Words.of(option.component() + " " + option.scheme());
    return Words.of(firstSentence(option.description())).stream().anyMatch(names::contains);
  }

  private static String firstSentence(String description) {
    return description.split("(?<=[.!?])\\s+(?=[A-Z])", 2)[0];
  }

  private static double sharedWith(Option target, String question) {
    return Words.shared(ownWords(target, question), Words.of(target.description()));
  }

  private static Set<String> ownWords(Option target, String question) {
    Set<String> words = Words.of(question);
    words.removeAll(Words.of(target.component()));
    return words;
  }
}
