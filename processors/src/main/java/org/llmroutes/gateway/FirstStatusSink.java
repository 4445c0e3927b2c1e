package org.llmroutes.gateway;

import java.util.Map;

/** The first status of a run as JSON: whether it was accepted. */
final class FirstStatusSink extends WholeSink {
  private static final int ACCEPTED = 202;

  private final Reply reply;

  FirstStatusSink(Reply reply) {
    super(reply);
    this.reply = reply;
  }

  @Override
  public boolean wantsChunks() {
    return true;
  }

  /** Whatever is written after the first is too late to be an answer. */
  @Override
  public void chunk(Map<String, Object> status) {
    reply.json(HttpProblem.in(status).map(HttpProblem::status).orElse(ACCEPTED), status);
  }

  @Override
  public void response(Map<String, Object> last) {
    // it was the first one, or comes after it
  }
}
