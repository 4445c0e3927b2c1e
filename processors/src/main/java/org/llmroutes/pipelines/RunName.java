package org.llmroutes.pipelines;

/** Names runs after their requests. */
final class RunName {
  private RunName() {}

  /** {@code {pipeline}-{hash of request_id}}, a DNS label of at most 63 characters. */
  static String of(String pipeline, String requestId) {
    return pipeline + "-" + Hash.of(requestId);
  }
}
