package org.llmroutes.retrieval;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.llmroutes.identity.Principal;

/** Who may read a document: 1 to {@value #MOST} principals, each once, in their order. */
public final class Readers {
  /** Written in place of readers: those that each document states, or has. */
  public static final String STATED = "stated";

  /** As many as a chunk has room for. */
  public static final int MOST = 64;

  private Readers() {}

  /**
   * @param written each as {@link Principal#parse} takes it
   * @throws IllegalArgumentException for none, too many, and what is no reader
   */
  public static List<String> of(Collection<String> written) {
    List<String> readers = written.stream().map(Principal::parse).distinct().sorted().toList();
    if (readers.isEmpty()) {
      throw new IllegalArgumentException("there must be a reader: user:NAME, group:NAME or public");
    } else if (readers.size() > MOST) {
      throw new IllegalArgumentException(
          "there are %d readers, and a document has %d at most; make a group of them"
              .formatted(readers.size(), MOST));
    }
    return readers;
  }

  /**
   * Those of an ingestion.
   *
   * @param written {@value #STATED}, or readers separated by commas
   * @return empty for those that documents state
   * @throws IllegalArgumentException as above
   */
  public static List<String> ofIngestion(String written) {
    return STATED.equals(written.strip()) ? List.of() : parse(written);
  }

  /**
   * @param written separated by commas
   * @throws IllegalArgumentException as above
   */
  public static List<String> parse(String written) {
    return of(written.isBlank() ? List.of() : Arrays.asList(written.split(",", -1)));
  }
}
