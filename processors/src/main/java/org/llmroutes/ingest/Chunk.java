package org.llmroutes.ingest;

import java.util.Map;

/**
 * A part of a document that is found, ranked and cited as one.
 *
 * @param title heading path
 * @param embeddedTitle as much of it as is embedded
 * @param heading the heading that it stands below, may be empty
 * @param body what it says, without the heading
 */
record Chunk(
    String title, String embeddedTitle, String heading, String body, Map<String, Object> metadata) {

  /**
   * What is stored, searched by words and shown: the heading belongs to it, because questions are
   * asked in its words.
   */
  String text() {
    return heading.isEmpty() ? body : heading + "\n\n" + body;
  }

  /** What is embedded: the whole path, because a part of a document seldom names its subject. */
  String embedded() {
    return embeddedTitle + "\n\n" + body;
  }

  Chunk withBody(String other) {
    return new Chunk(title, embeddedTitle, heading, other, metadata);
  }
}
