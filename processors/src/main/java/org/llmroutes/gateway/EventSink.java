package org.llmroutes.gateway;

import java.util.Map;

/**
 * Each chunk with its type as event and {@code attempt.seq} as id, at last the final response as
 * event {@code response}.
 */
class EventSink extends EventStream {

  EventSink(Reply reply) {
    super(reply);
  }

  @Override
  public void chunk(Map<String, Object> chunk) {
    event(chunk, (String) chunk.get("type"));
  }

  final void event(Map<String, Object> chunk, String type) {
    write(
        "id: %d.%d\nevent: %s\ndata: %s\n\n"
            .formatted(Course.attempt(chunk), Course.seq(chunk), type, Reply.text(chunk)));
  }

  @Override
  public void response(Map<String, Object> response) {
    write("event: response\ndata: " + Reply.text(response) + "\n\n");
    end();
  }

  @Override
  public final void problem(HttpProblem problem) {
    if (begun()) {
      write("event: error\ndata: " + Reply.text(problem.body()) + "\n\n");
      end();
    } else {
      reply().problem(problem);
    }
  }
}
