package org.llmroutes.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;

/** The end of a WebSocket, also where its client reads nothing. Belongs to its event loop. */
final class SocketEnd {
  private static final long CLOSING_MILLIS = 10_000;
  private static final int MOST_OF_A_REASON = 100;

  private final HttpServerRequest upgrade;
  private final ServerWebSocket socket;
  private final Context context;
  private boolean begun;
  private boolean reached;

  SocketEnd(HttpServerRequest upgrade, ServerWebSocket socket, Context context) {
    this.upgrade = upgrade;
    this.socket = socket;
    this.context = context;
  }

  /** Whether nothing more is to be read or written. */
  boolean isBegun() {
    return begun;
  }

  boolean isReached() {
    return reached;
  }

  /** The connection is closed. */
  void reached() {
    begun = true;
    reached = true;
  }

  /** Says why, and waits a while for the client's word. */
  void begin(CloseCode code, String reason) {
    if (begun) {
      return;
    }
    begun = true;
    socket.close(code.number(), reason.substring(0, Math.min(reason.length(), MOST_OF_A_REASON)));
    socket.resume();
    context.owner().setTimer(CLOSING_MILLIS, late -> abort());
  }

  /** Where nobody reads, a closing frame is never sent, and Vert.x would wait for it. */
  private void abort() {
    if (!reached) {
      channel().close();
    }
  }

  /** Frames that break the protocol, or are too large, are not even read. */
  void failed(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupt && !begun) {
      begun = true;
      socket.close((short) corrupt.closeStatus().code(), corrupt.getMessage());
      channel().flush();
    }
  }

  /** Closing at Vert.x' connection would but send another closing frame. */
  private Channel channel() {
    return ((ConnectionBase) upgrade.connection()).channel();
  }
}
