package org.llmroutes.ingest;

import java.util.List;
import java.util.Map;

/**
 * What stands below one heading, without what stands below its sub-headings.
 *
 * @param title the heading path, {@code Document > Section > Sub}; like the heading, cut to 500
 *     characters
 * @param heading the last heading of the path, empty where the text has none
 * @param metadata what holds for this section alone
 */
record Section(String title, String heading, List<Block> blocks, Map<String, Object> metadata) {
  private static final int TITLE_LENGTH = 500;

  Section {
    title = cut(title);
    heading = cut(heading);
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= TITLE_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TITLE_LENGTH));
  }
}
