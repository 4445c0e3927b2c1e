package org.llmroutes.turn;

/**
 * The outcome of asking for the right to answer a request.
 *
 * @param attempt from 1, one higher with every redelivery that begins again
 * @param revision of the ledger entry, which whoever works next changes
 * @param answer the recorded answer, MessagePack, or null while there is none
 */
record Claim(Kind kind, String key, int attempt, long revision, byte[] answer) {
  enum Kind {
    /** The first delivery of a new request, or a redelivery of one that was begun. */
    OURS,
    /** Another message with the same request id is being worked on or was answered. */
    DUPLICATE,
    /** The request id belongs to another user. */
    FOREIGN
  }
}
