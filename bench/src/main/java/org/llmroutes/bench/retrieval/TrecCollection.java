package org.llmroutes.bench.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.llmroutes.bench.retrieval.TestCollection.Document;
import org.llmroutes.bench.retrieval.TestCollection.Query;

/**
 * A folder in TREC form: one file with {@code <doc>} elements ({@code docno}, {@code title}, {@code
 * text}), one with {@code <top>} elements ({@code num}, {@code title}) and one of judgments, {@code
 * *qrel*}, with lines {@code query 0 document grade}. Where a judged query is no {@code num},
 * judgments number the queries by their position, as those of Cranfield do.
 */
final class TrecCollection {
  private TrecCollection() {}

  /**
   * @throws IOException where a file is missing or a judgment cannot be read; the message names it
   */
  static TestCollection read(Path folder) throws IOException {
    List<Document> documents = new ArrayList<>();
    List<Element> topics = new ArrayList<>();
    Map<String, Map<String, Integer>> judgments = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.getFileName().toString().contains("qrel")) {
          readJudgments(file, judgments);
        } else if (file.toString().endsWith(".xml")) {
          var xml = Jsoup.parse(Files.readString(file), "", Parser.xmlParser());
          xml.select("doc").forEach(doc -> documents.add(document(doc)));
          topics.addAll(xml.select("top"));
        }
      }
    }
    documents.removeIf(document -> document.text().isEmpty());
    if (documents.isEmpty() || topics.isEmpty() || judgments.isEmpty()) {
      throw new IOException(
          folder + " needs .xml files with <doc> and <top> elements and a file *qrel*");
    }
    List<Query> queries = queries(topics, judgments);
    return new TestCollection(
        folder.getFileName().toString().replaceAll("\\W", "_"),
        "%d documents, %d judged queries of %s"
            .formatted(documents.size(), queries.size(), folder.getFileName()),
        documents,
        queries);
  }

  private static Document document(Element doc) {
    return new Document(field(doc, "docno"), field(doc, "title"), field(doc, "text"));
  }

  private static List<Query> queries(
      List<Element> topics, Map<String, Map<String, Integer>> judgments) {
    Set<String> numbers = new HashSet<>();
    topics.forEach(topic -> numbers.add(field(topic, "num")));
    boolean byPosition = !numbers.containsAll(judgments.keySet());
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < topics.size(); i++) {
      String id = byPosition ? Integer.toString(i + 1) : field(topics.get(i), "num");
      Map<String, Integer> grades = judgments.getOrDefault(id, Map.of());
      if (grades.values().stream().anyMatch(grade -> grade > 0)) {
        queries.add(new Query(id, field(topics.get(i), "title"), grades));
      }
    }
    return queries;
  }

  private static String field(Element element, String name) {
    Element found = element.selectFirst(name);
    return found == null ? "" : found.text().strip();
  }

  private static void readJudgments(Path file, Map<String, Map<String, Integer>> into)
      throws IOException {
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String[] words = line.strip().split("\\s+");
      if (words.length == 4 && words[3].matches("-?\\d+")) {
        into.computeIfAbsent(words[0], query -> new HashMap<>())
            .put(words[2], Integer.parseInt(words[3]));
      } else if (!line.isBlank()) {
        throw new IOException(file + ":" + number + ": expected query 0 document grade");
      }
    }
  }
}
