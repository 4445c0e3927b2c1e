package org.llmroutes.doctor;

/** Something that many checks need is away; the check of that part tells why. */
final class NotAsked extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotAsked(String what, Throwable cause) {
    super(what + " cannot be asked", cause);
  }
}
