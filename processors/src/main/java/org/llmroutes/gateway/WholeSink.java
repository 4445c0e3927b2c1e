package org.llmroutes.gateway;

import java.util.Map;

/** The final response alone, as one JSON body with the status that its outcome has. */
class WholeSink implements AnswerSink {
  private final Reply reply;

  WholeSink(Reply reply) {
    this.reply = reply;
  }

  @Override
  public boolean wantsChunks() {
    return false;
  }

  @Override
  public void chunk(Map<String, Object> chunk) {
    throw new IllegalStateException("No chunks are wanted");
  }

  @Override
  public void response(Map<String, Object> response) {
    reply.json(HttpProblem.in(response).map(HttpProblem::status).orElse(200), response);
  }

  @Override
  public final void problem(HttpProblem problem) {
    reply.problem(problem);
  }

  @Override
  public final void keepAlive() {
    // a body that has not begun has no room for a sign of life
  }

  @Override
  public final boolean isFull() {
    return false;
  }

  @Override
  public final void onRoom(Runnable action) {
    action.run();
  }
}
