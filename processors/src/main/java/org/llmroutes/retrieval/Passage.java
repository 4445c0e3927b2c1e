package org.llmroutes.retrieval;

import java.util.Map;

/**
 * One chunk found by a search.
 *
 * @param id primary key in the collection
 * @param document name of the document it was cut from
 * @param title heading path inside the document, may be empty
 * @param chunk position of the chunk in its document, from 0
 * @param text the chunk itself
 * @param score of the last stage that ordered it; higher is better
 * @param metadata what else is stored with it, by the names that filters use: texts, booleans,
 *     Longs, Doubles and lists of these
 */
public record Passage(
    String id,
    String document,
    String title,
    int chunk,
    String text,
    double score,
    Map<String, Object> metadata) {

  /** Between the headings of a path. */
  private static final String ABOVE = " > ";

  /**
   * Heading path and text as one, for a model that judges the passage: a part of a document seldom
   * names its subject. A heading that both end and begin with stands there once.
   */
  public String inContext() {
    int above = title.lastIndexOf(ABOVE);
    String heading = above < 0 ? title : title.substring(above + ABOVE.length());
    return !heading.isEmpty() && text.startsWith(heading)
        ? title + text.substring(heading.length())
        : title + "\n\n" + text;
  }

  public Passage withScore(double newScore) {
    return new Passage(id, document, title, chunk, text, newScore, metadata);
  }
}
