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
  Section {
    title = VisibleText.of(title);
    heading = VisibleText.of(heading);
  }
}
