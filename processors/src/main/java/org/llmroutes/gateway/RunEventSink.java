package org.llmroutes.gateway;

import java.util.Map;

/** Each status of a run as an event, the final one as the last. */
final class RunEventSink extends EventSink {

  RunEventSink(Reply reply) {
    super(reply);
  }

  @Override
  public void chunk(Map<String, Object> status) {
    event(status, "status");
  }

  @Override
  public void response(Map<String, Object> last) {
    end();
  }
}
