package org.llmroutes.retrieval;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells an outage of Milvus from its refusals. The SDK carries gRPC under another package, so that
 * only its texts can be looked at.
 */
final class MilvusErrors {
  private static final Pattern OUTAGE =
      Pattern.compile("UNAVAILABLE|DEADLINE_EXCEEDED|Channel shutdown|Load collection timeout");

  private MilvusErrors() {}

  static boolean isOutage(Throwable failure) {
    Set<Throwable> seen = new HashSet<>();
    for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
      if (OUTAGE.matcher(String.valueOf(cause.getMessage())).find()) {
        return true;
      }
    }
    return false;
  }
}
