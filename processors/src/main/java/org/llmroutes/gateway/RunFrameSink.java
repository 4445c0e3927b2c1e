package org.llmroutes.gateway;

import java.util.Map;

/** Each status of a run as a frame of type {@code status}, the final one as the last. */
final class RunFrameSink extends FrameSink {

  RunFrameSink(FrameConnection connection, FrameCaller caller) {
    super(connection, caller, true);
  }

  @Override
  public void chunk(Map<String, Object> status) {
    connection.write("status", status);
  }

  @Override
  public void response(Map<String, Object> last) {
    caller.answered();
  }
}
