package org.llmroutes.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;

/**
 * The WebSocket of one client. Its frames go through the routes of their calls one after the other,
 * so that a cancel comes after what it cancels; until a route is done, and while the client does
 * not read, nothing more is read from it. Answers are written as they arrive. Its state belongs to
 * its event loop.
 */
final class FrameConnection implements FrameReader.Listener {
  private static final long CLOSING_MILLIS = 10_000;
  private static final int MOST_OF_A_REASON = 100;

  private final HttpServerRequest upgrade;
  private final ServerWebSocket socket;
  private final Context context;
  private final Instant expires;
  private final FrameCalls calls;
  private final FrameLimits limits;
  private final Room room;
  private final Consumer<FrameConnection> onClosed;
  private final FrameReader reader;
  private final Heartbeat heartbeat = new Heartbeat(System.nanoTime());
  private final Set<FrameCaller> turns = new HashSet<>();
  private final Queue<Runnable> waitingForRoom = new ArrayDeque<>();
  private FrameContent waitsForAudio;
  private boolean routing;
  private boolean closing;
  private boolean closed;

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
    this.calls = calls;
    this.limits = limits;
    this.room = room;
    this.onClosed = onClosed;
    this.reader = new FrameReader(limits.textBytes(), this);
    socket
        .frameHandler(this::received)
        .exceptionHandler(this::failed)
        .drainHandler(drained -> drained())
        .closeHandler(end -> closed());
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
    if (!closing) {
      heartbeat.heard();
      reader.read(frame);
      readOn();
    }
  }

  @Override
  public void text(byte[] json) {
    if (waitsForAudio != null) {
      wrongAudio("audio_bytes: the next frame must be the audio");
      reader.skipAudio();
    }
    Map<String, Object> frame;
    try {
      frame = JsonText.object(json);
    } catch (HttpProblem e) {
      problem(null, e);
      return;
    }
    String requestId = FrameRequest.idOf(frame);
    boolean audioFollows = frame.containsKey(FrameRequest.AUDIO_BYTES);
    try {
      FrameRequest request = FrameRequest.of(frame, json.length, calls);
      requireTurn(request);
      FrameContent content = new FrameContent(request, room);
      if (audioFollows) {
        waitsForAudio = content;
        reader.expectAudio(request.audioBytes());
      } else {
        route(content);
      }
    } catch (HttpProblem e) {
      if (audioFollows) {
        reader.skipAudio();
      }
      problem(requestId, e);
    }
  }

  private void requireTurn(FrameRequest request) {
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

  @Override
  public void audio(byte[] audio) {
    FrameContent content = waitsForAudio;
    waitsForAudio = null;
    content.put(audio);
    route(content);
  }

  @Override
  public void wrongAudio(String why) {
    FrameContent content = waitsForAudio;
    waitsForAudio = null;
    content.close();
    problem(content.request().requestId(), HttpProblem.of(ErrorCode.INVALID_MESSAGE, why));
  }

  @Override
  public void broken(CloseCode code, String why) {
    ErrorCode error = code == CloseCode.TOO_LARGE ? ErrorCode.TOO_LARGE : ErrorCode.INVALID_MESSAGE;
    problem(null, HttpProblem.of(error, why));
    close(code, why);
  }

  private void route(FrameContent content) {
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
    if (!closing && (routing || isFull())) {
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
    if (closing) {
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
    if (closing) {
      return;
    }
    closing = true;
    socket.close(code.number(), reason.substring(0, Math.min(reason.length(), MOST_OF_A_REASON)));
    socket.resume();
    context.owner().setTimer(CLOSING_MILLIS, late -> abort());
  }

  /** Where nobody reads, a closing frame is never sent, and Vert.x would wait for it. */
  private void abort() {
    if (!closed) {
      channel().close();
    }
  }

  /** Frames that break the protocol, or are too large, are not even read. */
  private void failed(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupt && !closing) {
      closing = true;
      socket.close((short) corrupt.closeStatus().code(), corrupt.getMessage());
      channel().flush();
    }
  }

  /** Closing at Vert.x' connection would but send another closing frame. */
  private Channel channel() {
    return ((ConnectionBase) upgrade.connection()).channel();
  }

  private void closed() {
    closed = true;
    closing = true;
    waitingForRoom.clear();
    if (waitsForAudio != null) {
      waitsForAudio.close();
    }
    turns.forEach(FrameCaller::leave);
    turns.clear();
    onClosed.accept(this);
  }

  boolean isClosed() {
    return closed;
  }
}
