package org.llmroutes.gateway;

/**
 * A body of server-sent events, begun with the first of them.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
abstract class EventStream implements AnswerSink {
  private final Reply reply;
  private boolean begun;

  EventStream(Reply reply) {
    this.reply = reply;
  }

  final Reply reply() {
    return reply;
  }

  final boolean begun() {
    return begun;
  }

  final void write(String events) {
    if (reply.response().ended()) {
      return;
    }
    if (!begun) {
      begun = true;
      reply.beginEvents();
    }
    reply.response().write(events);
  }

  final void end() {
    if (!reply.response().ended()) {
      reply.response().end();
    }
  }

  @Override
  public final boolean wantsChunks() {
    return true;
  }

  @Override
  public final void keepAlive() {
    write(": waiting\n\n");
  }

  @Override
  public final boolean isFull() {
    return reply.response().writeQueueFull();
  }

  @Override
  public final void onRoom(Runnable action) {
    reply.response().drainHandler(room -> action.run());
  }
}
