package org.llmroutes.retrieval;

import java.time.Duration;
import java.util.function.Supplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Alarm;
import org.llmroutes.http.Deadline;

/** Keeps what is asked of Milvus from taking the time that the rest of a turn needs. */
final class MilvusShare {
  private static final Duration LONGEST = Duration.ofHours(1);

  private MilvusShare() {}

  /**
   * @throws StepException step {@code search}, timeout, where the work takes longer than that
   */
  static <T> T within(Deadline share, Supplier<T> work) {
    try (Alarm alarm = new Alarm(share.within(LONGEST))) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        throw alarm.rang()
            ? new StepException(
                "search", ErrorCode.TIMEOUT, "Milvus takes longer than its share of the time", e)
            : e;
      }
    }
  }
}
