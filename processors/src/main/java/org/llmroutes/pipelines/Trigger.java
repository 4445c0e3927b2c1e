package org.llmroutes.pipelines;

/**
 * Who asked for what.
 *
 * @param pipeline as the trigger names it, or null where it was refused before that could be read
 * @param engine that was chosen, or null where none could be
 * @param sequence of the message in its stream: the order of arrival
 * @param trace traceparent of the work that took it in, or null where that was not traced
 */
record Trigger(
    String requestId, String userId, String pipeline, String engine, long sequence, String trace) {
  /** The user of a trigger that names none. */
  static final String ANONYMOUS = "anonymous";
}
