package org.llmroutes.bench.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llmroutes.retrieval.Passage;

/**
 * A question of somebody who does not know the documents yet, and where the answer stands.
 *
 * @param document name of the file
 * @param section heading below which the answer stands
 */
record Question(String text, String document, String section) {

  /**
   * @throws IOException where the file or a line of it cannot be read; the message names it
   */
  static List<Question> read(Path file) throws IOException {
    List<Question> questions = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String[] parts = line.split("\t");
      if (parts.length >= 3) {
        questions.add(new Question(parts[0].strip(), parts[1].strip(), parts[2].strip()));
      } else if (!line.isBlank()) {
        throw new IOException(
            file + ":" + number + ": expected question, file and heading, separated by tabs");
      }
    }
    return questions;
  }

  boolean isAnsweredBy(Passage passage) {
    return Path.of(passage.document()).endsWith(document)
        && (" > " + passage.title()).endsWith(" > " + section);
  }
}
