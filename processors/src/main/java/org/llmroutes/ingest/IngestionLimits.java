package org.llmroutes.ingest;

import java.time.Duration;
import org.llmroutes.config.Settings;

/**
 * What one file may take.
 *
 * @param fileBytes its size at most
 * @param fileTime how long reading it may take
 */
public record IngestionLimits(long fileBytes, Duration fileTime) {

  public static IngestionLimits of(Settings settings) {
    return new IngestionLimits(
        settings.getInt("ingestion.file.max-bytes"),
        settings.getDuration("ingestion.file.timeout"));
  }
}
