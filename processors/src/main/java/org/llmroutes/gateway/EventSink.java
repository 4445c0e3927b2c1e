package org.llmroutes.gateway;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * Server-sent events: each chunk with its type as event and {@code attempt.seq} as id, at last the
 * final response as event {@code response}.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventSink implements AnswerSink {
  private final Reply reply;
  private boolean begun;

  EventSink(Reply reply) {
    this.reply = reply;
  }

  @Override
  public boolean wantsChunks() {
    return true;
  }

  @Override
  public void chunk(Map<String, Object> chunk) {
    write(
        "id: %s.%s\nevent: %s\ndata: %s\n\n"
            .formatted(
                chunk.get("attempt"), chunk.get("seq"), chunk.get("type"), Reply.text(chunk)));
  }

  @Override
  public void response(Map<String, Object> response) {
    write("event: response\ndata: " + Reply.text(response) + "\n\n");
    reply.response().end();
  }

  @Override
  public void problem(HttpProblem problem) {
    if (begun) {
      write("event: error\ndata: " + Reply.text(problem.body()) + "\n\n");
      reply.response().end();
    } else {
      reply.problem(problem);
    }
  }

  @Override
  public void keepAlive() {
    write(": waiting\n\n");
  }

  @Override
  public boolean isFull() {
    return reply.response().writeQueueFull();
  }

  @Override
  public void onRoom(Runnable action) {
    reply.response().drainHandler(room -> action.run());
  }

  private void write(String event) {
    HttpServerResponse response = reply.response();
    if (!begun) {
      begun = true;
      reply.beginEvents();
    }
    response.write(event);
  }
}
