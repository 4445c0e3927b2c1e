package org.llmroutes.gateway;

import io.vertx.core.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.llmroutes.identity.Identity;
import org.llmroutes.telemetry.Span;

/** One request of a WebSocket. What changes of it belongs to the connection's event loop. */
final class FrameCaller implements Caller {
  private static final int UNAUTHENTICATED = 401;

  private final FrameConnection connection;
  private final FrameRequest request;
  private final Span span;
  private volatile String requestId;
  private boolean routed;
  private boolean answered;
  private Runnable onClose = () -> {};

  FrameCaller(FrameConnection connection, FrameRequest request) {
    this.connection = connection;
    this.request = request;
    this.requestId = request.requestId();
    this.span = ServerSpans.ofFrame(request.type(), request.traceparent());
  }

  /** Its credentials are looked at again: a key may have been taken away meanwhile. */
  @Override
  public Identity identity(Callers callers) {
    return callers.of(connection.upgrade());
  }

  @Override
  public Span span() {
    return span;
  }

  @Override
  public Map<String, String> parameters() {
    return request.parameters();
  }

  @Override
  public Optional<String> lastEventId() {
    return Optional.ofNullable(request.place());
  }

  @Override
  public Context context() {
    return connection.context();
  }

  @Override
  public AnswerSink sink(Map<String, Object> asked, boolean resume) {
    if (request.isRun()) {
      return new RunFrameSink(connection, this);
    }
    boolean whole = Boolean.FALSE.equals(asked.get("enable_streaming"));
    return new FrameSink(connection, this, resume || !whole);
  }

  @Override
  public void requestId(String id) {
    requestId = id;
  }

  /**
   * @param id null for none
   */
  boolean isOf(String id) {
    return id != null && id.equals(requestId);
  }

  @Override
  public void body(Exchange exchange) {
    Map<String, Object> frame = new LinkedHashMap<>();
    frame.put(HttpTurnsConstants.REQUEST_ID, requestId);
    if (exchange.getMessage().getBody() instanceof Map<?, ?> body) {
      body.forEach((name, value) -> frame.put((String) name, value));
    }
    context()
        .runOnContext(
            now -> {
              connection.write(request.type(), frame);
              answered();
            });
  }

  @Override
  public void problem(HttpProblem problem) {
    context()
        .runOnContext(
            now -> {
              connection.problem(requestId, problem);
              ServerSpans.refused(span, problem);
              answered();
              if (problem.status() == UNAUTHENTICATED) {
                connection.close(CloseCode.POLICY, problem.getMessage());
              }
            });
  }

  /** On the event loop: nothing more comes for it. */
  void answered() {
    answered = true;
    span.end();
    connection.ended(this);
    routed();
    // once whoever says so has ended it too
    context().runOnContext(now -> onClose.run());
  }

  @Override
  public void onDisconnect(Runnable action) {
    // a phone that changes networks resumes; only cancel cancels
  }

  @Override
  public void onClose(Runnable action) {
    context()
        .runOnContext(
            now -> {
              onClose = action;
              if (answered || connection.isClosed()) {
                action.run();
              }
              routed();
            });
  }

  /** On the event loop: the connection is closed, and its answer is no longer followed. */
  void leave() {
    span.end();
    onClose.run();
  }

  private void routed() {
    if (!routed) {
      routed = true;
      connection.routed();
    }
  }
}
