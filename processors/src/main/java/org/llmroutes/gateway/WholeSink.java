package org.llmroutes.gateway;

import java.util.Map;
import org.llmroutes.errors.ErrorCode;

/** The final response alone, as one JSON body with the status that its outcome has. */
final class WholeSink implements AnswerSink {
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
    reply.json(
        response.get("error") instanceof Map<?, ?> error
            ? HttpProblem.status(ErrorCode.ofWire((String) error.get("code")))
            : 200,
        response);
  }

  @Override
  public void problem(HttpProblem problem) {
    reply.problem(problem);
  }

  @Override
  public void keepAlive() {
    // a body that has not begun has no room for a sign of life
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void onRoom(Runnable action) {
    action.run();
  }
}
