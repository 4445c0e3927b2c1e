package org.llmroutes.gateway;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The WebSocket of one client. Its frames go through the routes of their calls one after the other,
 * so that a cancel comes after what it cancels; until a route is done, and while the client does
 * not read, nothing more is read from it. Answers are written as they arrive. Its state belongs to
 * its event loop.
 */
final class FrameConnection {
  private final HttpServerRequest upgrade;
  private final ServerWebSocket socket;
  private final Context context;
  private final Instant expires;
  private final FrameLimits limits;
  private final Consumer<FrameConnection> onClosed;
  private final FrameIntake intake;
  private final SocketEnd end;
  private final Heartbeat heartbeat = new Heartbeat(System.nanoTime());
  private final Set<FrameCaller> turns = new HashSet<>();
  private final Queue<Runnable> waitingForRoom = new ArrayDeque<>();
  private boolean routing;

  /**
   * To be made on the event loop, with the socket.
   *
   * @param expires when its credentials end
   * @param room for the audio of all requests
   * @param onClosed called once, when nothing is left of it
   */
  FrameConnection(
      HttpServerRequest upgrade,
      ServerWebSocket socket,
      Context context,
      Instant expires,
      FrameCalls calls,
      FrameLimits limits,
      Room room,
      Consumer<FrameConnection> onClosed) {
    this.upgrade = upgrade;
    this.socket = socket;
    this.context = context;
    this.expires = expires;
    this.limits = limits;
    this.onClosed = onClosed;
    this.intake = new FrameIntake(this, calls, limits.textBytes(), room);
    this.end = new SocketEnd(upgrade, socket, context);
    socket
        .frameHandler(this::received)
        .exceptionHandler(end::failed)
        .drainHandler(drained -> drained())
        .closeHandler(closed -> closed());
    socket.pongHandler(pong -> heartbeat.heard());
  }

  /** What the connection was asked for with, its credentials among it. */
  HttpServerRequest upgrade() {
    return upgrade;
  }

  Context context() {
    return context;
  }

  private void received(WebSocketFrame frame) {
    if (!end.isBegun()) {
      heartbeat.heard();
      intake.read(frame);
      readOn();
    }
  }

  /**
   * @throws HttpProblem where it cannot be followed beside those that are
   */
  void requireTurn(FrameRequest request) {
    if (!request.isFollowed()) {
      return;
    }
    if (turns.size() >= limits.turns()) {
      throw new HttpProblem(
          429, "over_quota", limits.turns() + " answers are on their way here", true);
    }
    if (turns.stream().anyMatch(turn -> turn.isOf(request.requestId()))) {
      throw HttpProblem.ofField("request_id", "its answer is on its way here");
    }
  }

  /** Hands a request to its route; nothing more is read until that is done with it. */
  void route(FrameContent content) {
    FrameCaller caller = new FrameCaller(this, content.request());
    routing = true;
    turns.add(caller);
    content.request().call().countFrame();
    content.request().call().dispatch(caller, content);
  }

  /** The route of the last frame is done. */
  void routed() {
    routing = false;
    readOn();
  }

  /** Nothing more comes for a request. */
  void ended(FrameCaller caller) {
    turns.remove(caller);
  }

  private void readOn() {
    if (!end.isBegun() && (routing || isFull())) {
      socket.pause();
    } else {
      socket.resume();
    }
  }

  /** Writes a message as a frame of a type; its audio as a frame of its own. */
  void write(String type, Map<String, Object> message) {
    Map<String, Object> frame = new LinkedHashMap<>();
    frame.put("type", type);
    frame.putAll(message);
    write(frame);
  }

  void write(Map<String, Object> message) {
    if (message.get("audio") instanceof byte[] audio) {
      Map<String, Object> frame = new LinkedHashMap<>(message);
      frame.remove("audio");
      frame.put(FrameRequest.AUDIO_BYTES, audio.length);
      socket.writeTextMessage(Reply.text(frame));
      socket.writeBinaryMessage(Buffer.buffer(audio));
    } else {
      socket.writeTextMessage(Reply.text(message));
    }
  }

  /**
   * @param requestId null where it is not known
   */
  void problem(String requestId, HttpProblem problem) {
    Map<String, Object> frame = new LinkedHashMap<>();
    if (requestId != null) {
      frame.put(HttpTurnsConstants.REQUEST_ID, requestId);
    }
    frame.putAll(problem.body());
    write("error", frame);
  }

  boolean isFull() {
    return !socket.isClosed() && socket.writeQueueFull();
  }

  void onRoom(Runnable action) {
    waitingForRoom.add(action);
  }

  private void drained() {
    heartbeat.hasRoom(System.nanoTime());
    List<Runnable> actions = List.copyOf(waitingForRoom);
    waitingForRoom.clear();
    actions.forEach(Runnable::run);
    readOn();
  }

  /** From any thread, now and then. */
  void tick(Instant now) {
    context.runOnContext(tick -> look(now));
  }

  private void look(Instant now) {
    long nanos = System.nanoTime();
    if (end.isBegun()) {
      return;
    }
    if (now.isAfter(expires)) {
      close(CloseCode.POLICY, "The credentials have expired");
    } else if (heartbeat.isDead(nanos)) {
      close(CloseCode.INTERNAL, "No sign of life");
    } else {
      if (!isFull() && heartbeat.isDue(nanos)) {
        socket.writePing(Buffer.buffer());
      }
      readOn();
    }
  }

  /** From any thread: this instance ends. */
  void goAway() {
    context.runOnContext(
        now -> close(CloseCode.GOING_AWAY, "This gateway stops; resume at another"));
  }

  /** On the event loop. */
  void close(CloseCode code, String reason) {
    end.begin(code, reason);
  }

  private void closed() {
    end.reached();
    waitingForRoom.clear();
    intake.close();
    turns.forEach(FrameCaller::leave);
    turns.clear();
    onClosed.accept(this);
  }

  boolean isClosed() {
    return end.isReached();
  }
}
