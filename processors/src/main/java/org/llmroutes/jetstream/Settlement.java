package org.llmroutes.jetstream;

/** What becomes of a delivered message. */
public enum Settlement {
  /** Done; it leaves the consumer. */
  ACK,
  /** To be delivered again after a delay. */
  NAK,
  /** Never to be delivered again. */
  TERM,
  /** Nothing is said; another delivery of the same message is being worked on. */
  NONE
}
