package org.llmroutes.doctor;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Why something failed, in words for an operator. */
final class Reason {
  private Reason() {}

  /** Of the innermost cause that says anything; the JDK says of some only by their class. */
  static String of(Throwable failure) {
    String words = "";
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 10; cause = next(cause)) {
      depth++;
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "there is no such host";
      } else if (cause instanceof ConnectException) {
        return "nothing listens there";
      } else if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        words = cause.getMessage();
      }
    }
    return words.isEmpty() ? failure.getClass().getSimpleName() : words;
  }

  /** Some say of each address that they tried what was wrong with it. */
  private static Throwable next(Throwable failure) {
    Throwable[] also = failure.getSuppressed();
    return failure.getCause() == null && also.length > 0 ? also[0] : failure.getCause();
  }
}
