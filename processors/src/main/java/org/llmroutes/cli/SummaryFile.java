package org.llmroutes.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llmroutes.pipelines.RunMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a step of a pipeline says in one line what it did or why it failed: the file that {@code
 * LLM_ROUTES_SUMMARY_FILE} names, for instance the termination message of a container. Where none
 * is named, nothing is written.
 */
final class SummaryFile {
  private static final Logger LOG = LoggerFactory.getLogger(SummaryFile.class);

  private SummaryFile() {}

  /** Replaces what the file says; one that cannot be written changes nothing about the work. */
  static void write(String summary) {
    String file = System.getenv("LLM_ROUTES_SUMMARY_FILE");
    if (file == null || file.isBlank()) {
      return;
    }
    try {
      Files.writeString(Path.of(file), RunMessage.of(summary));
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).log("The summary cannot be written", e);
    }
  }
}
