package org.llmroutes.turn;

/**
 * The right to answer a request, as its entry in the ledger states it. Belongs to the thread that
 * works on the request.
 */
final class Claim {
  private final String requestId;
  private final String userId;
  private final String owner;
  private final int begun;
  private final boolean cancelled;
  private int attempt;
  private long revision;
  private byte[] answer;
  private final String trace;

  /**
   * @param owner the message that carries the request, {@code STREAM/SEQUENCE}
   * @param begun how often work on the request was begun, this time included
   * @param attempt of the answer; grows whenever it is begun again
   * @param cancelled whether a cancel came before
   * @param answer the recorded answer, MessagePack, or null while there is none
   * @param trace traceparent of the work, or null where it is not traced
   */
  Claim(
      String requestId,
      String userId,
      String owner,
      int begun,
      int attempt,
      boolean cancelled,
      byte[] answer,
      String trace) {
    this.requestId = requestId;
    this.userId = userId;
    this.owner = owner;
    this.begun = begun;
    this.attempt = attempt;
    this.cancelled = cancelled;
    this.answer = answer;
    this.trace = trace;
  }

  String requestId() {
    return requestId;
  }

  String userId() {
    return userId;
  }

  String owner() {
    return owner;
  }

  int begun() {
    return begun;
  }

  int attempt() {
    return attempt;
  }

  boolean cancelled() {
    return cancelled;
  }

  byte[] answer() {
    return answer;
  }

  String trace() {
    return trace;
  }

  long revision() {
    return revision;
  }

  void revision(long current) {
    revision = current;
  }

  void nextAttempt() {
    attempt++;
  }

  void answer(byte[] recorded) {
    answer = recorded;
  }
}
