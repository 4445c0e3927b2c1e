package org.llmroutes.gateway;

import java.util.Map;

/** What a request says, before anybody has looked at it. */
@FunctionalInterface
interface Content extends AutoCloseable {
  /**
   * The fields of the request; called once, on a worker.
   *
   * @throws HttpProblem where it cannot be read
   */
  Map<String, Object> read();

  /** Nobody needs it any more. */
  @Override
  default void close() {}
}
