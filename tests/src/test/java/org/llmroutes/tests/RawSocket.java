package org.llmroutes.tests;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A WebSocket of bare bytes, for what no library sends.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, 5.2</a>
 */
final class RawSocket implements AutoCloseable {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int FINAL = 0x80;

  private static final int MASKED = 0x80;

  private final Socket socket;
  private final DataInputStream in;

  RawSocket(Map<String, String> environment) throws IOException {
    int port = Integer.parseInt(environment.get("GATEWAY_PORT"));
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    in = new DataInputStream(socket.getInputStream());
    String request =
        """
        GET /api/ws HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Connection: keep-alive, Upgrade\r
        Upgrade: WebSocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
        \r
        """
            .formatted(port);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101 ") || head.indexOf("permessage-deflate") >= 0) {
      throw new IOException(head.toString());
    }
  }

  RawSocket send(int first, String payload) throws IOException {
    return send(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** With a mask of zeros, which changes nothing. */
  RawSocket send(int first, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(MASKED | payload.length);
    } else {
      frame.write(MASKED | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.write(new byte[4]);
    frame.write(payload);
    return raw(frame.toByteArray());
  }

  RawSocket raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** The next text frame. */
  String text() throws IOException {
    byte[] frame = next(TEXT);
    return new String(frame, StandardCharsets.UTF_8);
  }

  /** The code of the next closing frame, whatever comes before it. */
  int closeCode() throws IOException {
    byte[] frame = next(CLOSE);
    return (frame[0] & 0xff) << 8 | frame[1] & 0xff;
  }

  private byte[] next(int opcode) throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] payload = in.readNBytes(length);
      if ((first & 0xf) == opcode) {
        return payload;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
