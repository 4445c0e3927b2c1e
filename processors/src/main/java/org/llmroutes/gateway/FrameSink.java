package org.llmroutes.gateway;

import java.util.Map;

/** Each chunk as a frame, and at last one of type {@code response} with the final response. */
class FrameSink implements AnswerSink {
  final FrameConnection connection;
  final FrameCaller caller;
  private final boolean chunks;

  /**
   * @param chunks whether the client wants the answer while it is written
   */
  FrameSink(FrameConnection connection, FrameCaller caller, boolean chunks) {
    this.connection = connection;
    this.caller = caller;
    this.chunks = chunks;
  }

  @Override
  public boolean wantsChunks() {
    return chunks;
  }

  @Override
  public void chunk(Map<String, Object> chunk) {
    connection.write(chunk);
  }

  @Override
  public void response(Map<String, Object> response) {
    connection.write("response", response);
    caller.answered();
  }

  @Override
  public void problem(HttpProblem problem) {
    caller.problem(problem);
  }

  @Override
  public void keepAlive() {
    // the connection's pings do
  }

  @Override
  public boolean isFull() {
    return connection.isFull();
  }

  @Override
  public void onRoom(Runnable action) {
    connection.onRoom(action);
  }
}
