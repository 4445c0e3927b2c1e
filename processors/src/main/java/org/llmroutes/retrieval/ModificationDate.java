package org.llmroutes.retrieval;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.Optional;

/**
 * When a document was last changed, as its metadata says it: a date, a date and a time, or both
 * with an offset, in the form of ISO 8601. What has no offset is UTC.
 */
public final class ModificationDate {
  /** The field of metadata. */
  public static final String FIELD = "modified";

  private static final DateTimeFormatter WRITTEN =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .appendOptional(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[' '][XXX][XX][X]")
          .toFormatter();

  private ModificationDate() {}

  /** Empty where it is not said in such a form. */
  static Optional<Instant> of(Map<String, Object> metadata) {
    return metadata.get(FIELD) instanceof String text ? parse(text) : Optional.empty();
  }

  private static Optional<Instant> parse(String text) {
    try {
      TemporalAccessor found =
          WRITTEN.parseBest(
              text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (found instanceof OffsetDateTime time) {
        return Optional.of(time.toInstant());
      }
      LocalDateTime time =
          found instanceof LocalDate day ? day.atStartOfDay() : (LocalDateTime) found;
      return Optional.of(time.toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
